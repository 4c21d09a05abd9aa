package presence.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PercentilesTest {
  private final Percentiles oneToHundred =
      Percentiles.of(LongStream.rangeClosed(1, 100).boxed().toList().reversed());

  @ParameterizedTest
  @CsvSource({"0.5, 1", "1, 1", "50, 50", "50.1, 51", "99, 99", "100, 100"})
  void aPercentileIsTheSmallestValueThatSoManyDoNotExceed(double percent, long value) {
    assertThat(oneToHundred.at(percent)).isEqualTo(value);
  }

  @Test
  void ofOneValueEveryPercentileIsThatValue() {
    Percentiles one = Percentiles.of(List.of(7L));
    assertThat(List.of(one.at(1), one.at(50), one.max())).containsOnly(7L);
  }

  @Test
  void theMedianOfTwoIsTheSmaller() {
    assertThat(Percentiles.of(List.of(3L, 1L)).at(50)).isEqualTo(1);
  }

  @Test
  void theMeanIsNotAMeasuredValue() {
    assertThat(Percentiles.of(List.of(1L, 2L)).mean()).isEqualTo(1.5);
  }

  @Test
  void nothingMeasuredHasNone() {
    assertThatThrownBy(() -> Percentiles.of(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"0", "-1", "100.1"})
  void thereIsNoneOutsideOfHundred(double percent) {
    assertThatThrownBy(() -> oneToHundred.at(percent)).isInstanceOf(IllegalArgumentException.class);
  }
}
