package presence.auth;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The arithmetic of edwards25519 as in RFC 8032, 5.1, slowly: to check by computation what the
/// program has in a table.
final class Curve {
  static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
  static final BigInteger L =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
  private static final BigInteger D =
      BigInteger.valueOf(-121665).multiply(BigInteger.valueOf(121666).modInverse(P)).mod(P);
  private static final BigInteger SQRT_MINUS_1 =
      BigInteger.TWO.modPow(P.subtract(BigInteger.ONE).shiftRight(2), P);
  static final Point ZERO = new Point(BigInteger.ZERO, BigInteger.ONE);

  private Curve() {}

  record Point(BigInteger x, BigInteger y) {
    Point plus(Point other) {
      BigInteger product = D.multiply(x).multiply(other.x).multiply(y).multiply(other.y).mod(P);
      BigInteger sumX = x.multiply(other.y).add(y.multiply(other.x));
      BigInteger sumY = y.multiply(other.y).add(x.multiply(other.x));
      return new Point(
          sumX.multiply(BigInteger.ONE.add(product).modInverse(P)).mod(P),
          sumY.multiply(BigInteger.ONE.subtract(product).modInverse(P)).mod(P));
    }

    Point times(BigInteger n) {
      Point result = ZERO;
      for (int bit = n.bitLength() - 1; bit >= 0; bit--) {
        result = result.plus(result);
        result = n.testBit(bit) ? result.plus(this) : result;
      }
      return result;
    }

    Point times8() {
      return times(BigInteger.valueOf(8));
    }

    String encoded() {
      return hex(x.testBit(0) ? y.setBit(255) : y);
    }
  }

  /// All points whose order divides 8: what is left of any point after multiplication by L.
  static List<Point> smallOrder() {
    Set<Point> found = new LinkedHashSet<>();
    for (int y = 2; found.size() < 8; y++) {
      BigInteger square = BigInteger.valueOf((long) y * y);
      BigInteger xx =
          square
              .subtract(BigInteger.ONE)
              .multiply(D.multiply(square).add(BigInteger.ONE).modInverse(P))
              .mod(P);
      BigInteger root = xx.modPow(P.add(BigInteger.valueOf(3)).shiftRight(3), P);
      for (BigInteger x : List.of(root, root.multiply(SQRT_MINUS_1).mod(P))) {
        if (x.multiply(x).mod(P).equals(xx)) {
          Point remainder = new Point(x, BigInteger.valueOf(y)).times(L);
          for (int n = 0; n < 8; n++) {
            found.add(remainder.times(BigInteger.valueOf(n)));
          }
        }
      }
    }
    return List.copyOf(found);
  }

  static BigInteger littleEndian(byte[] bytes) {
    return new BigInteger(1, reversed(bytes));
  }

  static String hex(BigInteger number) {
    byte[] bytes = new byte[32];
    for (int i = 0; i < 32; i++) {
      bytes[i] = number.shiftRight(8 * i).byteValue();
    }
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }
}
