package presence.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

  @TempDir Path directory;

  @Test
  void anOpenJournalIsReachableAndAClosedOneIsNot() {
    var journal = Journals.in(directory.resolve("new/one"));
    assertThat(journal.reachable()).isTrue();

    journal.close();
    assertThat(journal.reachable()).isFalse();
  }

  @Test
  void aDamagedFileIsRefusedWithWhatToDo() throws IOException {
    Files.writeString(directory.resolve("journal.mv.db"), "this is no database".repeat(1_000));

    assertThatThrownBy(() -> Journals.in(directory))
        .isInstanceOf(JournalUnavailable.class)
        .hasMessageContaining("cannot be read")
        .hasMessageContaining("move it away to start empty");
  }

  @Test
  void aDirectoryThatCannotBeCreatedIsRefused() throws IOException {
    var file = Files.createFile(directory.resolve("file"));

    assertThatThrownBy(() -> Journals.in(file.resolve("data")))
        .isInstanceOf(JournalUnavailable.class)
        .hasMessageContaining("choose a directory that this user may write");
  }

  @Test
  @Timeout(30)
  void aServerThatDoesNotAnswerIsRefusedWithoutThePassword() {
    var nowhere =
        JournalLocation.parse("jdbc:postgresql://127.0.0.1:1/presence?user=ann&password=secret");

    assertThatThrownBy(() -> Journals.open(nowhere))
        .isInstanceOf(JournalUnavailable.class)
        .hasMessageContaining("jdbc:postgresql://127.0.0.1:1/presence does not answer")
        .hasMessageNotContainingAny("secret", "\n");
  }

  @Test
  void theFileOfARunningNodeIsRefused() throws Exception {
    try (var journal = Journals.in(directory)) {
      assertThat(journal.reachable()).isTrue();
    }
    // A lock of another process looks like this one, which H2 does not hold itself.
    try (var file =
            FileChannel.open(
                directory.resolve("journal.mv.db"),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        var lock = file.lock()) {
      assertThat(lock.isValid()).isTrue();
      assertThatThrownBy(() -> Journals.in(directory))
          .isInstanceOf(JournalUnavailable.class)
          .hasMessageContaining("is in use by another process");
    }
  }
}
