package presence.node;

/// Starts one node of the cluster.
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.out.println("not yet");
  }
}
