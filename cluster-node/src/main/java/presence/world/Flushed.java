package presence.world;

import java.util.List;
import org.jspecify.annotations.Nullable;
import presence.cluster.Remote;

/// One flush of a world: what sessions said of themselves, in the order in which it came, and whose
/// time was over.
///
/// @param at milliseconds since 1970
/// @param seq how far the world's stream is after it
/// @param gone sessions whose ghosts did not come back in time
/// @param unknown sessions that do not exist any more
public record Flushed(long at, long seq, List<Word> words, List<String> gone, List<String> unknown)
    implements Remote {

  /// A session's word.
  ///
  /// @param id by which its avatar is known
  /// @param place where its avatar was by then, if it was there already
  public record Word(Visit visit, String id, @Nullable Place place) implements Remote {}
}
