package presence.cases;

/// Frames written by hand, for sockets without a client.
final class Frames {
  static final String ANONYMOUS = "{\"type\":\"hello\",\"protocol\":1}";

  private Frames() {}

  static String hello(String token) {
    return "{\"type\":\"hello\",\"protocol\":1,\"token\":\"%s\"}".formatted(token);
  }

  static String resume(String resumeToken) {
    return "{\"type\":\"hello\",\"protocol\":1,\"resume\":{\"token\":\"%s\"}}"
        .formatted(resumeToken);
  }

  static String join(String instance) {
    return "{\"type\":\"chat:join\",\"instance\":\"%s\"}".formatted(instance);
  }

  static String array(String... messages) {
    return "[" + String.join(",", messages) + "]";
  }
}
