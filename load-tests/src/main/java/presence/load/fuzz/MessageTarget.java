package presence.load.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static presence.load.fuzz.Target.check;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import presence.protocol.ClientMessage;
import presence.protocol.Codec;
import presence.protocol.Codec.Element;
import presence.protocol.ServerMessage;

/// Text frames, from the published example of every message of a client: each is decoded, or
/// refused in the protocol's own words.
public final class MessageTarget implements Target {
  private static final int FRAME_BYTES_MAX = 64 << 10;
  private static final int REFUSAL_CHARS_MAX = 300;

  private final Codec codec = new Codec(FRAME_BYTES_MAX, 32);
  private final List<String> golden =
      Stream.of(
              Objects.requireNonNull(ClientMessage.class.getAnnotation(JsonSubTypes.class)).value())
          .map(type -> golden(type.name()))
          .toList();

  private static String golden(String type) {
    String file = "/presence/golden/client/" + type.replace(':', '-') + ".json";
    try (InputStream in =
        Objects.requireNonNull(MessageTarget.class.getResourceAsStream(file), file)) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }

  @Override
  public String name() {
    return "messages";
  }

  @Override
  public byte[] input(RandomGenerator random) {
    Mutilation mutilation = new Mutilation(random);
    String frame = mutilation.text(mutilation.one(golden));
    if (mutilation.once(6)) {
      frame = "[" + frame + "," + mutilation.one(golden) + "]";
    }
    return frame.getBytes(UTF_8);
  }

  @Override
  public void take(byte[] input) {
    List<Element> elements = codec.decodeFrame(new String(input, UTF_8));
    check(!elements.isEmpty(), () -> "neither decoded nor refused");
    check(elements.size() <= 1 + input.length, () -> "%d elements".formatted(elements.size()));
    for (Element element : elements) {
      switch (element) {
        case Element.Refusal(ServerMessage.Error error) -> {
          check(
              error.message().length() < REFUSAL_CHARS_MAX,
              () -> "refused with %s".formatted(error));
          List<ServerMessage> read = codec.decodeServerFrame(codec.encode(error));
          check(
              read.equals(List.of(error)),
              () -> "the refusal %s is read as %s".formatted(error, read));
        }
        case Element.Message(ClientMessage message) -> {
          List<Element> again = codec.decodeFrame(codec.encode(message));
          check(
              again.equals(List.of(element)),
              () -> "%s is read again as %s".formatted(message, again));
        }
      }
    }
  }
}
