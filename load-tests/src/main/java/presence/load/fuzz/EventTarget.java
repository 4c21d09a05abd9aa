package presence.load.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static presence.load.fuzz.Target.check;

import com.typesafe.config.ConfigFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.Serializers;
import presence.cluster.Remote;
import presence.instance.Flushed;
import presence.instance.Seat;
import presence.instance.Standing;
import presence.protocol.Member;
import presence.session.EndReason;
import presence.session.Lease;
import presence.session.SessionEvent;
import presence.store.SealedCbor;

/// Events of sessions and instances as the journal keeps them, with bits that have turned: what was
/// written is read, or it is said that it is not.
public final class EventTarget implements Target {
  private static final int FLIPS_MAX = 3;

  private final ActorSystem system =
      ActorSystem.create(
          "fuzz",
          ConfigFactory.parseString(
                  """
                  pekko.fail-mixed-versions = off
                  pekko.loglevel = WARNING
                  pekko.actor.provider = local
                  """)
              .withFallback(ConfigFactory.parseResources("presence/store/plugin.conf"))
              .withFallback(ConfigFactory.defaultReference())
              .resolve());
  private final Serialization serialization = SerializationExtension.get(system);

  @Override
  public String name() {
    return "events";
  }

  /// The name of a class, how long its bytes are, as they were written, and as they are read.
  @Override
  public byte[] input(RandomGenerator random) {
    Remote event = event(random);
    Serializer serializer = serialization.findSerializerFor(event);
    byte[] written = serializer.toBinary(event);
    ByteArrayOutputStream input = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(input)) {
      out.writeUTF(Serializers.manifestFor(serializer, event));
      out.writeInt(written.length);
      out.write(written);
      out.write(flipped(written, random));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return input.toByteArray();
  }

  private static byte[] flipped(byte[] written, RandomGenerator random) {
    byte[] read = written.clone();
    for (int flips = 1 + random.nextInt(FLIPS_MAX); flips > 0; flips--) {
      read[random.nextInt(read.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
    }
    return read;
  }

  private static Remote event(RandomGenerator random) {
    byte[] utf8 = new Mutilation(random).text("chat-lobby").getBytes(UTF_8);
    String name = new String(utf8, UTF_8); // halves of characters are refused at the edge
    long at = random.nextLong(1L << 42);
    return switch (random.nextInt(7)) {
      case 0 -> new SessionEvent.Joined(name, random.nextBoolean(), at);
      case 1 -> new SessionEvent.Left(name, at);
      case 2 -> new SessionEvent.Moved(name, random.nextBoolean(), Set.of(name), at);
      case 3 ->
          new SessionEvent.Detached(
              new Lease(random.nextLong(100), new Lease.Leased(at, at + 90_000)), at);
      case 4 -> new SessionEvent.Ending(EndReason.GRACE_OVER, at);
      case 5 -> new SessionEvent.Watched(List.of("@ann", name), at);
      default -> flushed(random, name, at);
    };
  }

  private static Flushed flushed(RandomGenerator random, String name, long at) {
    Member ann = new Member("@ann", name, null);
    List<Seat> seats =
        List.of(
            new Seat("s1", random.nextLong(1_000), new Standing(ann, random.nextBoolean())),
            new Seat("s2", random.nextLong(1_000), null));
    return new Flushed(
        at, random.nextLong(10_000), seats, List.of(new Flushed.Speech("s1", ann, name, "m1")));
  }

  @Override
  public void take(byte[] input) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(input))) {
      String manifest = in.readUTF();
      byte[] written = in.readNBytes(in.readInt());
      Object said = read(written, manifest);
      byte[] now = in.readAllBytes();
      Object heard;
      try {
        heard = read(now, manifest);
      } catch (SealedCbor.BrokenSeal e) {
        check(
            String.valueOf(e.getMessage()).contains(manifest),
            () -> "it is not said what is broken");
        return;
      }
      check(heard.equals(said), () -> "%s was written, %s was read".formatted(said, heard));
    }
  }

  private Object read(byte[] bytes, String manifest) {
    int cbor = serialization.findSerializerFor(new SessionEvent.Ended(0)).identifier();
    return serialization.deserialize(bytes, cbor, manifest).get();
  }

  @Override
  public void close() {
    var _ = system.terminate();
  }
}
