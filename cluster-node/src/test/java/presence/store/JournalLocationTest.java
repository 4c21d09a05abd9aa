package presence.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalLocationTest {

  @Test
  void aDirectoryIsAFileOfThisMachine() {
    var location = JournalLocation.parse("h2:./data");

    assertThat(location).isEqualTo(new JournalLocation.Directory(Path.of("./data")));
    assertThat(location.shared()).isFalse();
    assertThat(location.jdbcUrl())
        .startsWith("jdbc:h2:file:" + Path.of("data").toAbsolutePath().resolve("journal"))
        .contains("WRITE_DELAY=0");
  }

  @Test
  void everyMemoryIsAnother() {
    assertThat(JournalLocation.parse("memory")).isNotEqualTo(JournalLocation.parse("memory"));
  }

  @Test
  void postgresIsSharedAndGetsFlagsTheUrlMayOverride() {
    var location =
        JournalLocation.parse("jdbc:postgresql://db/presence?user=ann&socketTimeout=5&password=s");

    assertThat(location.shared()).isTrue();
    assertThat(location.jdbcUrl())
        .startsWith("jdbc:postgresql://db/presence?")
        .contains("reWriteBatchedInserts=true")
        .endsWith("&user=ann&socketTimeout=5&password=s");
    assertThat(JournalLocation.parse("jdbc:postgresql://db/presence").jdbcUrl())
        .startsWith("jdbc:postgresql://db/presence?ApplicationName=presence");
  }

  @Test
  void aPasswordIsNeverShown() {
    assertThat(JournalLocation.parse("jdbc:postgresql://db/presence?password=secret"))
        .hasToString("jdbc:postgresql://db/presence");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "h2:", "h2:data;INIT=RUNSCRIPT", "postgres://db", "jdbc:mysql://db", "disk"})
  void anythingElseIsRefusedWithTheForms(String text) {
    assertThatThrownBy(() -> JournalLocation.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("h2:DIR, memory, or jdbc:postgresql:");
  }
}
