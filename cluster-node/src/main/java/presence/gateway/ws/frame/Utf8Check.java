package presence.gateway.ws.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Tells whether bytes that come piece by piece are UTF-8 (RFC 3629): no overlong forms, no
/// surrogates, nothing above U+10FFFF. A wrong byte is found when it comes.
final class Utf8Check {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long NOT_ASCII = 0x8080808080808080L;
  private static final int LOWEST = 0x80;
  private static final int HIGHEST = 0xBF;

  /// How many bytes the character that has begun still lacks, and the bounds of the next of them.
  private byte lacking;

  private short lower = LOWEST;
  private short upper = HIGHEST;

  /// Whether what came so far, with these bytes, can be the beginning of valid UTF-8.
  boolean accepts(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      if (lacking == 0) {
        at = skipAscii(bytes, at, to);
        if (at == to) {
          break;
        }
      }
      if (!accepts(bytes[at++] & 0xFF)) {
        return false;
      }
    }
    return true;
  }

  private static int skipAscii(byte[] bytes, int from, int to) {
    int at = from;
    while (at + Long.BYTES <= to && ((long) LONGS.get(bytes, at) & NOT_ASCII) == 0) {
      at += Long.BYTES;
    }
    while (at < to && bytes[at] >= 0) {
      at++;
    }
    return at;
  }

  private boolean accepts(int octet) {
    if (lacking == 0) {
      return begins(octet);
    }
    if (octet < lower || octet > upper) {
      return false;
    }
    lacking--;
    lower = LOWEST;
    upper = HIGHEST;
    return true;
  }

  private boolean begins(int octet) {
    if (octet >= 0xC2 && octet <= 0xDF) {
      lacking = 1;
    } else if (octet >= 0xE0 && octet <= 0xEF) {
      lacking = 2;
      lower = (short) (octet == 0xE0 ? 0xA0 : LOWEST);
      upper = (short) (octet == 0xED ? 0x9F : HIGHEST);
    } else if (octet >= 0xF0 && octet <= 0xF4) {
      lacking = 3;
      lower = (short) (octet == 0xF0 ? 0x90 : LOWEST);
      upper = (short) (octet == 0xF4 ? 0x8F : HIGHEST);
    } else {
      return octet < 0x80;
    }
    return true;
  }

  /// Whether no character is left half said.
  boolean isComplete() {
    return lacking == 0;
  }
}
