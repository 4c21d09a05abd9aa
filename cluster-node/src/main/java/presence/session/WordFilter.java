package presence.session;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Judges what people say to each other before anybody else reads it. It is called by the actors of
/// sessions and never blocks them: what takes time comes later. A judgement that fails is asked for
/// again when the message is repeated, until the patience with it is over.
public interface WordFilter {

  /// Lets everything pass.
  WordFilter NONE = _ -> CompletableFuture.completedStage(new Opinion.Pass());

  /// The judgement of a text. The same text gets the same one: a message is judged again when it is
  /// repeated.
  CompletionStage<Opinion> judge(Remark remark);

  /// What somebody wants to say.
  ///
  /// @param speaker a person, or an anonymous session
  /// @param instance in which it is said; nothing = it is a direct message
  record Remark(String speaker, @Nullable String instance, String text) {}

  /// What becomes of a remark.
  sealed interface Opinion {
    /// It is said as it is.
    record Pass() implements Opinion {}

    /// This is said instead.
    record Replace(String text) implements Opinion {}

    /// It is not said.
    ///
    /// @param why for the speaker
    record Refuse(String why) implements Opinion {}
  }
}
