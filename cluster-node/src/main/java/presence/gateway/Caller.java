package presence.gateway;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/// Who calls, as limits count it: an IPv4 address, or the /64 of an IPv6 address, which is what one
/// household is given, and within which one machine may take as many addresses as it likes.
public record Caller(long network, boolean six) {
  static Caller of(InetAddress address) {
    byte[] bytes = address.getAddress();
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return bytes.length == Integer.BYTES
        ? new Caller(Integer.toUnsignedLong(buffer.getInt()), false)
        : new Caller(buffer.getLong(), true);
  }
}
