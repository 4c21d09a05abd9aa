package presence.gateway.ws.frame;

import static presence.gateway.ws.frame.Rfc6455.BINARY;
import static presence.gateway.ws.frame.Rfc6455.CLOSE;
import static presence.gateway.ws.frame.Rfc6455.COMPRESSED;
import static presence.gateway.ws.frame.Rfc6455.CONTINUATION;
import static presence.gateway.ws.frame.Rfc6455.CONTROL_BYTES_MAX;
import static presence.gateway.ws.frame.Rfc6455.NOT_UTF8;
import static presence.gateway.ws.frame.Rfc6455.NO_STATUS;
import static presence.gateway.ws.frame.Rfc6455.PING;
import static presence.gateway.ws.frame.Rfc6455.PONG;
import static presence.gateway.ws.frame.Rfc6455.PROTOCOL_ERROR;
import static presence.gateway.ws.frame.Rfc6455.TEXT;
import static presence.gateway.ws.frame.Rfc6455.TOO_BIG;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// Reads the frames of one client (RFC 6455, the server's side), however its bytes are cut into
/// pieces; its compressed messages (RFC 7692), too, where that was agreed.
///
/// What is wrong is found at the first byte that shows it: a length over the limit before anything
/// of it is kept, bad UTF-8 before the message is whole, or once it is if it is compressed. No more
/// is inflated than a message may have. The memory held is that of the one message that is
/// incomplete, as far as it has come, and of one control frame within it.
///
/// ```
/// OPCODE ─▶ LENGTH ─▶ [LONG_LENGTH] ─▶ MASK ─▶ PAYLOAD ─▶ OPCODE …
///    └── violation, close ──▶ END: what follows is dropped
/// ```
public final class FrameDecoder {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final byte[] EMPTY = {};
  private static final int FIRST_BYTES = 512;

  private enum Expected {
    OPCODE,
    LENGTH,
    LONG_LENGTH,
    MASK,
    PAYLOAD,
    END
  }

  private static final int RESERVED = 0x70;

  /// So many times as long as it came a message may become: else a few bytes would be a lot of work
  /// for who reads them. A chat message of one character over and over is 8 KB all the same.
  private static final int INFLATION_MAX = 32;

  private static final int INFLATED_ANYHOW = 10_240;

  private final int messageBytesMax;
  private final boolean mayCompress;
  private final Utf8Check utf8 = new Utf8Check();

  private Expected expected = Expected.OPCODE;

  /// Of the frame that is being read. The mask is turned so that its first byte is the next's.
  private int opcode;

  private boolean last;
  private long length;
  private long left;
  private int mask;

  /// Bytes that the length or the mask still lacks.
  private int lacking;

  /// Of the message that is incomplete: its opcode, whether it is compressed, its size so far, its
  /// bytes if it is text.
  private int message = CONTINUATION;

  private boolean compressed;
  private int size;
  private byte[] text = EMPTY;

  private byte[] control = EMPTY;

  /// @param messageBytesMax the longest message, text or binary, all its fragments together, as it
  ///   comes and inflated
  /// @param mayCompress whether the client may compress its messages
  public FrameDecoder(int messageBytesMax, boolean mayCompress) {
    this.messageBytesMax = messageBytesMax;
    this.mayCompress = mayCompress;
  }

  /// Reads up to the end of the next event, no further.
  ///
  /// @return the event, or null when the bytes are used up without one
  public @Nullable Inbound next(ByteBuffer bytes) {
    while (expected != Expected.END) {
      @Nullable Inbound event;
      if (expected == Expected.PAYLOAD) {
        event = payload(bytes);
        if (event == null && left > 0) {
          return null;
        }
      } else if (bytes.hasRemaining()) {
        event = header(bytes.get() & 0xFF);
      } else {
        return null;
      }
      if (event != null) {
        return event;
      }
    }
    bytes.position(bytes.limit());
    return null;
  }

  private @Nullable Inbound header(int octet) {
    return switch (expected) {
      case OPCODE -> opcode(octet);
      case LENGTH -> length(octet);
      case LONG_LENGTH -> longLength(octet);
      case MASK -> mask(octet);
      case PAYLOAD, END -> throw new IllegalStateException("not in a header: " + expected);
    };
  }

  private @Nullable Inbound opcode(int octet) {
    last = (octet & 0x80) != 0;
    opcode = octet & 0x0F;
    int reserved = octet & RESERVED;
    boolean begins = opcode == TEXT || opcode == BINARY;
    if (reserved != 0 && !(mayCompress && reserved == COMPRESSED && begins)) {
      return violation(PROTOCOL_ERROR, "a reserved bit is set");
    }
    switch (opcode) {
      case CONTINUATION -> {
        if (message == CONTINUATION) {
          return violation(PROTOCOL_ERROR, "a continuation of nothing");
        }
      }
      case TEXT, BINARY -> {
        if (message != CONTINUATION) {
          return violation(PROTOCOL_ERROR, "a message within a message");
        }
        message = opcode;
        compressed = reserved != 0;
      }
      case CLOSE, PING, PONG -> {
        if (!last) {
          return violation(PROTOCOL_ERROR, "a control frame in fragments");
        }
      }
      default -> {
        return violation(PROTOCOL_ERROR, "a reserved opcode");
      }
    }
    expected = Expected.LENGTH;
    return null;
  }

  private @Nullable Inbound length(int octet) {
    if ((octet & 0x80) == 0) {
      return violation(PROTOCOL_ERROR, "a frame without mask");
    }
    length = octet & 0x7F;
    if (Rfc6455.isControl(opcode) && length > CONTROL_BYTES_MAX) {
      return violation(PROTOCOL_ERROR, "a control frame of more than 125 bytes");
    }
    if (opcode == CLOSE && length == 1) {
      return violation(PROTOCOL_ERROR, "half a close code");
    }
    if (length < 126) {
      return measured();
    }
    lacking = length == 126 ? Short.BYTES : Long.BYTES;
    length = 0;
    expected = Expected.LONG_LENGTH;
    return null;
  }

  private @Nullable Inbound longLength(int octet) {
    if (lacking == Long.BYTES && octet >= 0x80) {
      return violation(PROTOCOL_ERROR, "a negative length");
    }
    length = (length << 8) | octet;
    return --lacking == 0 ? measured() : null;
  }

  private @Nullable Inbound measured() {
    if (!Rfc6455.isControl(opcode) && length > messageBytesMax - size) {
      return tooBig();
    }
    left = length;
    lacking = Integer.BYTES;
    expected = Expected.MASK;
    return null;
  }

  private @Nullable Inbound mask(int octet) {
    mask = (mask << 8) | octet;
    if (--lacking == 0) {
      expected = Expected.PAYLOAD;
    }
    return null;
  }

  private @Nullable Inbound payload(ByteBuffer bytes) {
    int count = (int) Math.min(left, bytes.remaining());
    left -= count;
    if (Rfc6455.isControl(opcode)) {
      takeControl(bytes, count);
    } else if (message == BINARY) {
      bytes.position(bytes.position() + count);
      size += count;
    } else if (!takeText(bytes, count)) {
      return violation(NOT_UTF8, "a text that is not UTF-8");
    }
    if (left > 0) {
      return null;
    }
    expected = Expected.OPCODE;
    if (Rfc6455.isControl(opcode)) {
      return controlFrame();
    }
    return last ? message() : null;
  }

  private void takeControl(ByteBuffer bytes, int count) {
    if (control.length != length) {
      control = new byte[(int) length];
    }
    unmask(bytes, control, (int) (length - left) - count, count);
  }

  private boolean takeText(ByteBuffer bytes, int count) {
    int needed = size + count;
    if (needed > text.length) {
      boolean whole = last && left == 0;
      text = Arrays.copyOf(text, whole ? needed : grown(needed));
    }
    unmask(bytes, text, size, count);
    size = needed;
    return compressed || utf8.accepts(text, needed - count, needed);
  }

  private int grown(int needed) {
    return Math.min(messageBytesMax, Math.max(needed, Math.max(FIRST_BYTES, 2 * text.length)));
  }

  private void unmask(ByteBuffer bytes, byte[] target, int at, int count) {
    bytes.get(target, at, count);
    long wide = ((long) mask << 32) | (mask & 0xFFFFFFFFL);
    int index = 0;
    for (; index + Long.BYTES <= count; index += Long.BYTES) {
      LONGS.set(target, at + index, (long) LONGS.get(target, at + index) ^ wide);
    }
    for (; index < count; index++) {
      target[at + index] ^= (byte) (mask >>> (24 - 8 * (index & 3)));
    }
    mask = Integer.rotateLeft(mask, 8 * (count & 3));
  }

  private Inbound message() {
    boolean binary = message == BINARY;
    boolean inflates = compressed;
    byte[] bytes = text;
    int end = size;
    forgetMessage();
    if (binary) {
      return new Inbound.Binary();
    }
    return inflates ? inflated(bytes, end) : text(bytes, end);
  }

  private Inbound inflated(byte[] bytes, int end) {
    try {
      int most = Math.min(messageBytesMax, Math.max(INFLATED_ANYHOW, INFLATION_MAX * end));
      byte[] inflated = Deflate.inflated(bytes, end, most);
      if (inflated == null) {
        return violation(TOO_BIG, "a message that inflates to more than " + most + " bytes");
      }
      return utf8.accepts(inflated, 0, inflated.length)
          ? text(inflated, inflated.length)
          : violation(NOT_UTF8, "a text that is not UTF-8");
    } catch (DataFormatException e) {
      return violation(NOT_UTF8, "a message that cannot be inflated");
    }
  }

  private Inbound text(byte[] bytes, int end) {
    return utf8.isComplete()
        ? new Inbound.Text(new String(bytes, 0, end, StandardCharsets.UTF_8))
        : violation(NOT_UTF8, "a text that ends within a character");
  }

  private Inbound controlFrame() {
    byte[] payload = control;
    control = EMPTY;
    return switch (opcode) {
      case PING -> new Inbound.Ping(ByteString.fromArrayUnsafe(payload));
      case PONG -> new Inbound.Pong();
      default -> close(payload);
    };
  }

  private Inbound close(byte[] payload) {
    if (payload.length == 0) {
      end();
      return new Inbound.Close(NO_STATUS, "");
    }
    int code = ((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF);
    if (!Rfc6455.isSendable(code)) {
      return violation(PROTOCOL_ERROR, "a close code that is none");
    }
    Utf8Check reason = new Utf8Check();
    if (!reason.accepts(payload, Short.BYTES, payload.length) || !reason.isComplete()) {
      return violation(NOT_UTF8, "a close reason that is not UTF-8");
    }
    end();
    int reasonBytes = payload.length - Short.BYTES;
    return new Inbound.Close(
        code, new String(payload, Short.BYTES, reasonBytes, StandardCharsets.UTF_8));
  }

  private Inbound tooBig() {
    return violation(TOO_BIG, "a message of more than " + messageBytesMax + " bytes");
  }

  private Inbound violation(int code, String why) {
    end();
    return new Inbound.Violation(code, why);
  }

  private void end() {
    expected = Expected.END;
    control = EMPTY;
    forgetMessage();
  }

  private void forgetMessage() {
    message = CONTINUATION;
    compressed = false;
    size = 0;
    text = EMPTY;
  }
}
