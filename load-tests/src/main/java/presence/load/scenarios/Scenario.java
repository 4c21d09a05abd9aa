package presence.load.scenarios;

/// Something clients do to a node, and what must hold meanwhile and afterwards.
public interface Scenario {
  /// What it is called on the command line.
  String name();

  /// What must hold, in one sentence.
  String invariant();

  /// Does it, and checks it.
  ///
  /// @return what was done, in one sentence with its numbers
  /// @throws Broken when the invariant does not hold
  String play(Stage stage) throws Exception;
}
