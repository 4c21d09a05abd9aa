package presence.load.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One line of a client's file `NAME.jsonl`: a JSON object whose `is` names its kind and whose `at`
/// is its time in milliseconds since 1970, by the one clock that all clients of a run share. Lines
/// are in the order in which things happened to the client; what it does is written before it is
/// done.
///
/// | `is` | further fields | meaning |
/// |---|---|---|
/// | `client` | `name`, `person?`, `graceMs` | the first line: who this is; no person = anonymous |
/// | `dials` | `node` | it opens a socket to this node |
/// | `frame` | `frame` | a frame came in, exactly as the node sent it |
/// | `closed` | `code` | its socket is gone; it comes back by itself |
/// | `drops` | | it loses its socket as if the network had |
/// | `joins`, `leaves` | `instance` | it becomes a member, or no longer wants to be one |
/// | `looks` | `slug?`, `visible` | where it is and whether in the foreground; the first, before `joins`, is part of its hello |
/// | `says` | `instance`, `id` | a chat message with this client message id |
/// | `sends` | `to`, `id` | a direct message to this person (its id) with this client message id |
/// | `acks` | `ids` | it has these direct messages and outcomes |
/// | `away` | | it drops its socket and never comes back |
/// | `bye` | | it ends its session |
/// | `end` | | the run is over and quiet: what it sees now is final |
///
/// The file `run.jsonl` is the run's own: lines `mark` (`what`, `node?`) say what was done to the
/// cluster. Rules are proved without it; it is for measuring.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @Type(name = "client", value = Line.Client.class),
  @Type(name = "dials", value = Line.Dials.class),
  @Type(name = "frame", value = Line.Frame.class),
  @Type(name = "closed", value = Line.Closed.class),
  @Type(name = "drops", value = Line.Drops.class),
  @Type(name = "joins", value = Line.Joins.class),
  @Type(name = "leaves", value = Line.Leaves.class),
  @Type(name = "looks", value = Line.Looks.class),
  @Type(name = "says", value = Line.Says.class),
  @Type(name = "sends", value = Line.Sends.class),
  @Type(name = "acks", value = Line.Acks.class),
  @Type(name = "away", value = Line.Away.class),
  @Type(name = "bye", value = Line.Bye.class),
  @Type(name = "end", value = Line.End.class),
  @Type(name = "mark", value = Line.Mark.class),
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface Line {
  /// The file of the run itself.
  String RUN = "run.jsonl";

  long at();

  record Client(long at, String name, @Nullable String person, long graceMs) implements Line {}

  record Dials(long at, String node) implements Line {}

  /// Written as text by [Recorder], which does not read what it writes down.
  record Frame(long at, JsonNode frame) implements Line {}

  record Closed(long at, int code) implements Line {}

  record Drops(long at) implements Line {}

  record Joins(long at, String instance) implements Line {}

  record Leaves(long at, String instance) implements Line {}

  record Looks(long at, @Nullable String slug, boolean visible) implements Line {}

  record Says(long at, String instance, String id) implements Line {}

  record Sends(long at, String to, String id) implements Line {}

  record Acks(long at, List<String> ids) implements Line {}

  record Away(long at) implements Line {}

  record Bye(long at) implements Line {}

  record End(long at) implements Line {}

  record Mark(long at, String what, @Nullable String node) implements Line {}
}
