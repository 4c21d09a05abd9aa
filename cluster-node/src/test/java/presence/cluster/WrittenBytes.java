package presence.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializers;
import presence.instance.Directory;
import presence.testkit.TestSystem;

/// The bytes of every sample as some version of this code wrote them, one file each. The name of a
/// file is the class and a hash of what it says: a sample that has become another gets a file of
/// its own beside the one it had. Files are added by [#main(String\[\])] and never touched again.
final class WrittenBytes {
  /// In this module, which is where tests run; or below the directory of the project.
  private static final Path DIRECTORY =
      Path.of(Files.isDirectory(Path.of("cluster-node")) ? "cluster-node" : "")
          .resolve("src/test/resources/presence/remote");

  private static final String SOMEONE = "pekko://behaviour/user/someone#1";
  private static final ObjectMapper CBOR = new CBORMapper();
  private static final ObjectMapper SORTED =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  /// Some bytes that were written.
  record File(Path path) {
    String name() {
      return path.getFileName().toString();
    }

    /// What a serializer needs to know beside the bytes.
    String manifest() {
      return name().replaceFirst("-[0-9a-f]{8}\\.cbor$", "");
    }

    byte[] bytes() {
      try {
        return Files.readAllBytes(path);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private final Serialization serialization;
  private final ActorRef<Object> someone;

  WrittenBytes(ActorSystem<?> system) {
    this.serialization = SerializationExtension.get(system);
    this.someone = ActorRefResolver.get(system).resolveActorRef(SOMEONE);
  }

  /// Adds the files that are missing.
  public static void main(String[] args) throws IOException {
    try (TestSystem system = new TestSystem()) {
      WrittenBytes written = new WrittenBytes(system.kit().system());
      Files.createDirectories(DIRECTORY);
      for (Remote sample : written.samples().toList()) {
        Path file = DIRECTORY.resolve(written.name(sample));
        if (!Files.exists(file)) {
          Files.write(file, written.bytes(sample));
          System.out.println("added " + file);
        }
      }
    }
  }

  static List<File> files() {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      return files.sorted().map(File::new).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Stream<Remote> samples() {
    return Samples.all(someone);
  }

  byte[] bytes(Remote sample) {
    return serialization.serialize(sample).get();
  }

  Remote read(File file) {
    return read(file.manifest(), file.bytes());
  }

  /// The same bytes as a later version would write them that has one field more.
  Remote readWithAFieldMore(File file) {
    ObjectNode tree = (ObjectNode) tree(file.bytes());
    try {
      return read(file.manifest(), CBOR.writeValueAsBytes(tree.put("addedLater", 1)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Remote read(String manifest, byte[] bytes) {
    int jacksonCbor = serialization.findSerializerFor(new Directory.Found(List.of())).identifier();
    return (Remote) serialization.deserialize(bytes, jacksonCbor, manifest).get();
  }

  /// The name of the file that has this sample's bytes.
  String name(Remote sample) {
    String manifest = Serializers.manifestFor(serialization.findSerializerFor(sample), sample);
    return manifest + "-" + hash(tree(bytes(sample))) + ".cbor";
  }

  JsonNode tree(byte[] bytes) {
    try {
      return CBOR.readTree(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hash(JsonNode tree) {
    try {
      byte[] sorted = SORTED.writeValueAsBytes(SORTED.convertValue(tree, Object.class));
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(sorted);
      return HexFormat.of().formatHex(hash, 0, 4);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
