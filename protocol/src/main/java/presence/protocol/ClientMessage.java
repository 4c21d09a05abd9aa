package presence.protocol;

import static presence.protocol.Checks.INSTANCE_LENGTH_MAX;
import static presence.protocol.Checks.LIST_SIZE_MAX;
import static presence.protocol.Checks.NAME_LENGTH_MAX;
import static presence.protocol.Checks.PERSON_LENGTH_MAX;
import static presence.protocol.Checks.PIECE_LENGTH_MAX;
import static presence.protocol.Checks.REF_LENGTH_MAX;
import static presence.protocol.Checks.SLUG_LENGTH_MAX;
import static presence.protocol.Checks.TEXT_LENGTH_MAX;
import static presence.protocol.Checks.TOKEN_LENGTH_MAX;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a client may say. Each record checks its own fields; one that exists is well formed.
///
/// Every message may carry a `ref`; each direct answer to it echoes the `ref`.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @Type(name = "hello", value = ClientMessage.Hello.class),
  @Type(name = "authenticate", value = ClientMessage.Authenticate.class),
  @Type(name = "location", value = ClientMessage.Location.class),
  @Type(name = "chat:join", value = ClientMessage.Join.class),
  @Type(name = "chat:leave", value = ClientMessage.Leave.class),
  @Type(name = "chat:message", value = ClientMessage.Say.class),
  @Type(name = "roster", value = ClientMessage.RosterPage.class),
  @Type(name = "dm:send", value = ClientMessage.Send.class),
  @Type(name = "dm:ack", value = ClientMessage.Acknowledge.class),
  @Type(name = "watch", value = ClientMessage.Watch.class),
  @Type(name = "unwatch", value = ClientMessage.Unwatch.class),
  @Type(name = "world:join", value = ClientMessage.Enter.class),
  @Type(name = "world:move", value = ClientMessage.Stride.class),
  @Type(name = "world:leave", value = ClientMessage.Exit.class),
  @Type(name = "world:emit", value = ClientMessage.Emit.class),
  @Type(name = "pong", value = ClientMessage.Pong.class),
  @Type(name = "bye", value = ClientMessage.Bye.class),
})
public sealed interface ClientMessage {
  @Nullable String ref();

  /// Starts a session or resumes one. Carries one proof of identity or none: `token` (a JWT),
  /// `key`, or neither for an anonymous session. A valid resume token selects the session, and must
  /// belong to the identity that is proved beside it, if any.
  ///
  /// @param protocol the version of this protocol the client speaks: 1
  /// @param location where the user is; left out on resume = unchanged
  /// @param visible false = the client is in the background; left out on resume = unchanged
  /// @param device what the session runs on, for the person's own lists
  /// @param displayName the name to be shown; left out on resume = unchanged
  record Hello(
      int protocol,
      @Nullable String token,
      @Nullable Key key,
      @Nullable Resume resume,
      @Nullable Setting location,
      @Nullable Boolean visible,
      @Nullable String device,
      @Nullable Setting displayName,
      @Nullable String ref)
      implements ClientMessage {
    public Hello {
      Checks.optionalName("token", token, TOKEN_LENGTH_MAX);
      Checks.optionalName("device", device, NAME_LENGTH_MAX);
      checkLocation(location);
      if (displayName != null) {
        Checks.optionalName("displayName", displayName.value(), NAME_LENGTH_MAX);
      }
      checkRef(ref);
      if (token != null && key != null) {
        throw Checks.bad("a hello carries one proof, token or key");
      }
    }
  }

  /// A public key and, once challenged, the proof of holding its private half.
  ///
  /// @param publicKey Ed25519, 32 bytes in lowercase hex
  /// @param signature over the challenge, base64url or hex; left out to be challenged
  /// @param attestation a parent key's word that this key acts for the person it stands for
  record Key(String publicKey, @Nullable String signature, @Nullable Attestation attestation) {
    private static final int SIGNATURE_LENGTH_MAX = 128;

    public Key {
      Checks.name("key.publicKey", publicKey, NAME_LENGTH_MAX);
      Checks.optionalName("key.signature", signature, SIGNATURE_LENGTH_MAX);
    }
  }

  /// The parent's signature over this key, good until `expiresAt` (milliseconds since 1970).
  record Attestation(String parentKey, long expiresAt, String signature) {
    public Attestation {
      Checks.name("attestation.parentKey", parentKey, NAME_LENGTH_MAX);
      Checks.integer("attestation.expiresAt", expiresAt);
      Checks.name("attestation.signature", signature, Key.SIGNATURE_LENGTH_MAX);
    }
  }

  /// The resume token of the last `welcome`, and how far the client has each instance's stream.
  record Resume(String token, List<Since> instances) {
    public Resume {
      Checks.name("resume.token", token, SLUG_LENGTH_MAX);
      instances = checked("resume.instances", instances == null ? List.of() : instances);
    }
  }

  /// How far a client has one instance's stream, and what of it the client follows.
  record Since(String instance, long epoch, long seq, @Nullable RosterMode roster) {
    public Since {
      checkInstance(instance);
      Checks.integer("epoch", epoch);
      Checks.integer("seq", seq);
    }
  }

  /// An anonymous session becomes a person's, in place: same session, same instances.
  record Authenticate(String token, @Nullable String ref) implements ClientMessage {
    public Authenticate {
      Checks.name("token", token, TOKEN_LENGTH_MAX);
      checkRef(ref);
    }
  }

  /// Where the user is now, and whether the client is in the foreground. What is left out is
  /// unchanged; one of both must be there.
  record Location(@Nullable Setting slug, @Nullable Boolean visible, @Nullable String ref)
      implements ClientMessage {
    public Location {
      checkLocation(slug);
      checkRef(ref);
      if (slug == null && visible == null) {
        throw Checks.bad("slug is missing");
      }
    }
  }

  /// Become a member. The answer is a `presence`, or what was missed after `since`.
  record Join(
      String instance, @Nullable RosterMode roster, @Nullable Position since, @Nullable String ref)
      implements ClientMessage {
    public Join {
      checkInstance(instance);
      checkRef(ref);
    }
  }

  /// Stop being a member, at once and without grace.
  record Leave(String instance, @Nullable String ref) implements ClientMessage {
    public Leave {
      checkInstance(instance);
      checkRef(ref);
    }
  }

  /// Say something to everyone in the instance. A repeat of one `clientMessageId` by one session
  /// publishes nothing and echoes the first to its author.
  record Say(String instance, String text, String clientMessageId, @Nullable String ref)
      implements ClientMessage {
    public Say {
      checkInstance(instance);
      checkRef(ref);
      Checks.name("clientMessageId", clientMessageId, NAME_LENGTH_MAX);
      checkText(text);
    }
  }

  /// Ask for a page of the roster; without a cursor, the first page of a new cut.
  record RosterPage(
      String instance, @Nullable String cursor, @Nullable Integer limit, @Nullable String ref)
      implements ClientMessage {
    public RosterPage {
      checkInstance(instance);
      Checks.optionalName("cursor", cursor, NAME_LENGTH_MAX);
      checkRef(ref);
      if (limit != null && limit < 1) {
        throw Checks.bad("limit is at least 1");
      }
    }
  }

  /// Write to one person, or to one session. Answered by `dm:accepted` once it is durable, or by an
  /// error. A repeat of one `clientMessageId` by one sender sends nothing and is answered as the
  /// first was.
  ///
  /// @param to a session's id, a handle or a public key
  record Send(String to, String text, String clientMessageId, @Nullable String ref)
      implements ClientMessage {
    public Send {
      Checks.name("to", to, PERSON_LENGTH_MAX);
      checkRef(ref);
      Checks.name("clientMessageId", clientMessageId, NAME_LENGTH_MAX);
      checkText(text);
    }
  }

  /// These direct messages and outcomes arrived; they are not pushed again. Only the recipient's
  /// word counts.
  record Acknowledge(List<String> ids, @Nullable String ref) implements ClientMessage {
    public Acknowledge {
      ids = checked("ids", Checks.present("ids", ids));
      ids.forEach(id -> Checks.name("ids", id, NAME_LENGTH_MAX));
      checkRef(ref);
    }
  }

  /// Follow single persons: each answers with a `user` now and at every change.
  record Watch(List<String> users, @Nullable String ref) implements ClientMessage {
    public Watch {
      users = checkedPersons(users);
      checkRef(ref);
    }
  }

  /// Stop following.
  record Unwatch(List<String> users, @Nullable String ref) implements ClientMessage {
    public Unwatch {
      users = checkedPersons(users);
      checkRef(ref);
    }
  }

  /// Enter a world. The answer is a `world:state`. Who is in it already gets another look.
  ///
  /// @param avatar what others see, as the client likes: a JSON object of at most 2 KiB
  record Enter(String piece, Json avatar, Spot pos, @Nullable String ref) implements ClientMessage {
    public Enter {
      checkPiece(piece);
      Checks.json("avatar", Checks.present("avatar", avatar)).requireObject("avatar");
      Checks.present("pos", pos);
      checkRef(ref);
    }
  }

  /// The avatar is here now. Of two moves the one with the greater `seq` holds; a seq may start
  /// anew with a new socket or a new `world:join`.
  record Stride(String piece, Spot pos, long seq, @Nullable String ref) implements ClientMessage {
    public Stride {
      checkPiece(piece);
      Checks.present("pos", pos);
      Checks.integer("seq", seq);
      checkRef(ref);
    }
  }

  /// Leave a world, at once and without a ghost.
  record Exit(String piece, @Nullable String ref) implements ClientMessage {
    public Exit {
      checkPiece(piece);
      checkRef(ref);
    }
  }

  /// Tell the others in the world something; each hears it at most once, and nothing is kept.
  ///
  /// @param data any JSON value of at most 2 KiB
  record Emit(String piece, String name, @Nullable Json data, @Nullable String ref)
      implements ClientMessage {
    public Emit {
      checkPiece(piece);
      Checks.name("name", name, NAME_LENGTH_MAX);
      if (data != null) {
        Checks.json("data", data);
      }
      checkRef(ref);
    }
  }

  /// Answers a `ping`.
  record Pong(@Nullable String ref) implements ClientMessage {
    public Pong {
      checkRef(ref);
    }
  }

  /// Ends the session: no grace, visible at once, closed 1000.
  record Bye(@Nullable String ref) implements ClientMessage {
    public Bye {
      checkRef(ref);
    }
  }

  /// Whether a member follows every person's coming and going, or only the counts.
  enum RosterMode {
    FULL,
    COUNTS;

    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    static RosterMode of(String word) {
      return switch (word) {
        case "full" -> FULL;
        case "counts" -> COUNTS;
        default -> throw Checks.bad("roster is 'full' or 'counts'");
      };
    }
  }

  private static void checkRef(@Nullable String ref) {
    Checks.optionalName("ref", ref, REF_LENGTH_MAX);
  }

  private static void checkInstance(@Nullable String instance) {
    Checks.name("instance", instance, INSTANCE_LENGTH_MAX);
  }

  private static void checkPiece(@Nullable String piece) {
    Checks.name("piece", piece, PIECE_LENGTH_MAX);
  }

  private static void checkText(@Nullable String text) {
    String present = Checks.present("text", text);
    Checks.length("text", present, TEXT_LENGTH_MAX);
    if (present.isBlank()) {
      throw Checks.bad("text is empty");
    }
    Checks.text("text", present);
  }

  private static void checkLocation(@Nullable Setting location) {
    if (location != null && location.value() != null) {
      Checks.name("location", location.value(), SLUG_LENGTH_MAX);
    }
  }

  private static List<String> checkedPersons(@Nullable List<String> users) {
    List<String> persons = checked("users", Checks.present("users", users));
    persons.forEach(user -> Checks.name("users", user, PERSON_LENGTH_MAX));
    return persons;
  }

  private static <T> List<T> checked(String field, List<T> list) {
    if (list.size() > LIST_SIZE_MAX) {
      throw new InvalidMessage(
          ErrorCode.TOO_LONG, field + " has at most " + LIST_SIZE_MAX + " elements");
    }
    for (T each : list) {
      Checks.present(field, each);
    }
    return List.copyOf(list);
  }
}
