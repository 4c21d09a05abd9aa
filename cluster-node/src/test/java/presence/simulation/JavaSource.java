package presence.simulation;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Prints a value as the Java expression that makes it, as far as steps need it: records of
/// strings, numbers, enums, durations, lists, optionals and records.
final class JavaSource {

  private static final List<ChronoUnit> UNITS =
      List.of(
          ChronoUnit.DAYS,
          ChronoUnit.HOURS,
          ChronoUnit.MINUTES,
          ChronoUnit.SECONDS,
          ChronoUnit.MILLIS,
          ChronoUnit.NANOS);

  private JavaSource() {}

  static String of(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case Record some -> "new " + some.getClass().getSimpleName() + components(some);
      case String text -> '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
      case Long number -> number + "L";
      case Enum<?> constant -> constant.getDeclaringClass().getSimpleName() + "." + constant.name();
      case Duration span -> duration(span);
      case List<?> many -> "List.of" + joined(many);
      case Optional<?> some ->
          some.isPresent() ? "Optional.of(" + of(some.get()) + ")" : "Optional.empty()";
      default -> value.toString();
    };
  }

  /// In the largest unit that says it exactly, which the compiler's checks ask for.
  private static String duration(Duration span) {
    for (var unit : UNITS) {
      var count = span.dividedBy(unit.getDuration());
      if (unit.getDuration().multipliedBy(count).equals(span)) {
        var name = unit.toString();
        return "Duration.of" + name + "(" + count + (count > Integer.MAX_VALUE ? "L)" : ")");
      }
    }
    throw new IllegalArgumentException("no duration: " + span);
  }

  private static String components(Record value) {
    return joined(
        Arrays.stream(value.getClass().getRecordComponents())
            .map(component -> {
              try {
                var accessor = component.getAccessor();
                accessor.setAccessible(true);
                return accessor.invoke(value);
              } catch (ReflectiveOperationException e) {
                throw new LinkageError("cannot read " + component, e);
              }
            })
            .toList());
  }

  private static String joined(List<?> values) {
    return values.stream().map(JavaSource::of).collect(Collectors.joining(", ", "(", ")"));
  }
}
