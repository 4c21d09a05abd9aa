package presence.load.across;

/// One thing that is measured. It begins and ends with nobody on the nodes, unless it says
/// otherwise.
public interface Part {
  void play(Stage stage) throws Exception;
}
