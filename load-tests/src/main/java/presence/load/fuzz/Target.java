package presence.load.fuzz;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Something that must stand any input. Making an input and taking it are apart, so that one that
/// did harm can be kept and brought again.
public interface Target extends AutoCloseable {
  /// A word, by which inputs that are kept are filed.
  String name();

  /// An input, the same for the same chance.
  byte[] input(RandomGenerator random);

  /// Takes an input, and looks whether all is as it must be.
  ///
  /// @throws Exception as an [AssertionError] does, what says that it is not
  void take(byte[] input) throws Exception;

  @Override
  default void close() {}

  /// What must hold.
  static void check(boolean holds, Supplier<String> otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise.get());
    }
  }
}
