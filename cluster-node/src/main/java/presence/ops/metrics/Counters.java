package presence.ops.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// One counter for each of some values: the same name, told apart by a tag.
final class Counters<E extends Enum<E>> {
  private final Map<E, Counter> each;

  private Counters(Map<E, Counter> each) {
    this.each = each;
  }

  /// @param tag which says the value, as [#word]
  static <E extends Enum<E>> Counters<E> of(
      Collection<E> values, String name, String description, String tag, MeterRegistry registry) {
    return of(values, name, description, tag, Counters::word, registry);
  }

  /// @param word how the tag says the value
  static <E extends Enum<E>> Counters<E> of(
      Collection<E> values,
      String name,
      String description,
      String tag,
      Function<E, String> word,
      MeterRegistry registry) {
    Map<E, Counter> each =
        values.stream()
            .collect(
                Collectors.toMap(
                    value -> value,
                    value ->
                        Counter.builder(name)
                            .description(description)
                            .tag(tag, word.apply(value))
                            .register(registry)));
    return new Counters<>(new EnumMap<>(each));
  }

  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  void increment(E what) {
    increment(what, 1);
  }

  void increment(E what, int times) {
    Counter counter = each.get(what);
    if (counter != null && times > 0) {
      counter.increment(times);
    }
  }

  long count(E what) {
    Counter counter = each.get(what);
    return counter == null ? 0 : (long) counter.count();
  }

  long total() {
    return (long) each.values().stream().mapToDouble(Counter::count).sum();
  }
}
