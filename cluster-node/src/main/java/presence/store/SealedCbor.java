package presence.store;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.jackson.JacksonObjectMapperProvider;
import org.apache.pekko.serialization.jackson.JacksonSerializer;

/// Writes events and snapshots as Pekko's own serializer does, and a seal behind them: a checksum
/// of the bytes. What the journal gives back otherwise than it was written is refused instead of
/// being taken for something that happened.
///
/// Both together are two items of CBOR, of which older versions read the first and leave the other
/// alone, so nodes with and without seals understand each other. What bears no seal was written by
/// such a version, and is one item: where anything follows, a seal was, and is broken.
public final class SealedCbor extends JacksonSerializer {

  /// A tag of CBOR that means nothing to anybody, and the head of a byte string of four. No text
  /// holds it: its first two bytes are not UTF-8.
  private static final int MARK = 0xD95E_A144;

  private static final int SEAL_BYTES = 2 * Integer.BYTES;

  /// Called by Pekko, which finds the name of this class in `plugin.conf`.
  ///
  /// @param binding the name by which the configuration knows the serializer
  public SealedCbor(ExtendedActorSystem system, String binding) {
    super(
        system,
        binding,
        JacksonObjectMapperProvider.get(system)
            .getOrCreate(binding, Optional.of(new CBORFactory())));
  }

  @Override
  public byte[] toBinary(Object said) {
    byte[] bytes = super.toBinary(said);
    return ByteBuffer.allocate(bytes.length + SEAL_BYTES)
        .put(bytes)
        .putInt(MARK)
        .putInt(checksum(bytes, bytes.length))
        .array();
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) {
    int end = bytes.length - SEAL_BYTES;
    boolean sealed = end >= 0 && ByteBuffer.wrap(bytes, end, SEAL_BYTES).getInt() == MARK;
    if (sealed ? sealOf(bytes) != checksum(bytes, end) : !isOneItem(bytes)) {
      throw new BrokenSeal("the bytes of a %s are not those that were written".formatted(manifest));
    }
    return super.fromBinary(bytes, manifest);
  }

  private boolean isOneItem(byte[] bytes) {
    try (JsonParser items = objectMapper().createParser(bytes)) {
      if (items.nextToken() == null) {
        return false;
      }
      items.skipChildren().finishToken();
      return items.currentLocation().getByteOffset() == bytes.length;
    } catch (IOException e) {
      return false; // what breaks off, or never was CBOR
    }
  }

  private static int sealOf(byte[] bytes) {
    return ByteBuffer.wrap(bytes).getInt(bytes.length - Integer.BYTES);
  }

  private static int checksum(byte[] bytes, int end) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, end);
    return (int) checksum.getValue();
  }

  /// What was read is not what was written. The entity it belongs to does not start.
  public static final class BrokenSeal extends IllegalStateException {
    private BrokenSeal(String message) {
      super(message);
    }
  }
}
