package presence.auth;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Optional;
import presence.cluster.Remote;
import presence.protocol.Handle;

/// The identity a session has proven, and nothing it merely claimed.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @Type(name = "user", value = Principal.User.class),
  @Type(name = "key", value = Principal.Key.class),
  @Type(name = "anonymous", value = Principal.Anonymous.class),
})
public sealed interface Principal extends Remote {

  /// The id of the person, shared by all sessions of that person; nobody for an anonymous session.
  /// A handle starts with `@` and a key never does, so no user is ever taken for a key.
  Optional<String> person();

  /// The public name that was proven, if one was.
  Optional<Handle> handle();

  /// Whether both prove the same: the same handle, or the same public key whomever it acts for. An
  /// anonymous session proves nothing, so it is the same as nobody.
  boolean sameIdentity(Principal other);

  /// Named by a token; the issuer vouches that no two people have one handle.
  record User(Handle subject) implements Principal {
    @Override
    public Optional<String> person() {
      return Optional.of(subject.value());
    }

    @Override
    public Optional<Handle> handle() {
      return Optional.of(subject);
    }

    @Override
    public boolean sameIdentity(Principal other) {
      return equals(other);
    }
  }

  /// Holds the private half of an Ed25519 key. Keys are 64 lowercase hex digits.
  ///
  /// @param actsFor the key of the person: the parent that attested this key, or the key itself
  record Key(String publicKey, String actsFor) implements Principal {
    public Key {
      if (!Ed25519.wellFormed(publicKey) || !Ed25519.wellFormed(actsFor)) {
        throw new IllegalArgumentException("a public key is 64 lowercase hex digits");
      }
    }

    @Override
    public Optional<String> person() {
      return Optional.of(actsFor);
    }

    @Override
    public Optional<Handle> handle() {
      return Optional.empty();
    }

    @Override
    public boolean sameIdentity(Principal other) {
      return other instanceof Key(String otherKey, _) && publicKey.equals(otherKey);
    }
  }

  /// Proved nothing: counted, never listed.
  record Anonymous() implements Principal {
    @Override
    public Optional<String> person() {
      return Optional.empty();
    }

    @Override
    public Optional<Handle> handle() {
      return Optional.empty();
    }

    @Override
    public boolean sameIdentity(Principal other) {
      return false;
    }
  }
}
