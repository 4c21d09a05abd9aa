package presence.world;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import presence.protocol.Member;

/// By which id an avatar is known. Where persons have one avatar each, it is the person's; else,
/// and for who is nobody, one that is derived from session and piece: always the same, and telling
/// nothing of either.
///
/// @param perPerson whether a person has one avatar in a world, whatever their sessions
/// @param exceptions the pieces, by the part before the first `~`, `:` or `/`, for which it is the
///   other way
public record AvatarIds(boolean perPerson, Set<String> exceptions) {
  private static final int BYTES = 12;

  public AvatarIds {
    exceptions = Set.copyOf(exceptions);
  }

  String of(String piece, String session, @Nullable Member person) {
    return person != null && isPerPerson(piece) ? person.id() : derived(piece, session);
  }

  private boolean isPerPerson(String piece) {
    return perPerson != exceptions.contains(piece.split("[~:/]", 2)[0]);
  }

  private static String derived(String piece, String session) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(piece.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      digest.update(session.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(digest.digest(), BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
