package presence.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Ed25519Test {
  private static final String KEY =
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
  private static final String SIGNATURE_OF_NOTHING =
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
          + "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";

  /// RFC 8032, 7.1, tests 1 to 3.
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a, '', \
          e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b
          3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c, 72, \
          92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00
          fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025, af82, \
          6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a
          """)
  void theVectorsOfTheStandardVerify(String key, String message, String signature) {
    assertThat(signed(key, message, signature)).isTrue();
    assertThat(signed(key, message + "00", signature)).isFalse();
  }

  private static boolean signed(String key, String message, String signature) {
    return Ed25519.signed(
        Ed25519.verifier(key).orElseThrow(),
        HexFormat.of().parseHex(message),
        Ed25519.signature(signature).orElseThrow());
  }

  @Test
  void noBitOfASignatureMayDiffer() {
    byte[] signature = HexFormat.of().parseHex(SIGNATURE_OF_NOTHING);
    for (int bit = 0; bit < 8 * signature.length; bit++) {
      signature[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(signed(KEY, "", HexFormat.of().formatHex(signature))).as("bit %s", bit).isFalse();
      signature[bit / 8] ^= (byte) (1 << (bit % 8));
    }
  }

  /// s + L fits the equation as well; the standard wants s < L.
  @Test
  void aSignatureHasOneForm() {
    byte[] s = HexFormat.of().parseHex(SIGNATURE_OF_NOTHING.substring(64));
    String malleable =
        SIGNATURE_OF_NOTHING.substring(0, 64) + Curve.hex(Curve.littleEndian(s).add(Curve.L));
    assertThat(signed(KEY, "", malleable)).isFalse();
  }

  @Test
  void noPointOfSmallOrderIsAKey() {
    List<Curve.Point> points = Curve.smallOrder();
    assertThat(points).hasSize(8).doesNotHaveDuplicates();
    for (Curve.Point point : points) {
      assertThat(point.times8()).isEqualTo(Curve.ZERO);
      assertThat(Ed25519.verifier(point.encoded())).as("%s", point).isEmpty();
    }
  }

  /// y of p and more, with and without the sign: second spellings of other points.
  @Test
  void noSecondSpellingOfAPointIsAKey() {
    List<String> spellings = new ArrayList<>();
    for (int above = 0; above < 19; above++) {
      BigInteger y = Curve.P.add(BigInteger.valueOf(above));
      spellings.add(Curve.hex(y));
      spellings.add(Curve.hex(y.setBit(255)));
    }
    // x = 0 has no negative
    spellings.add(Curve.hex(BigInteger.ONE.setBit(255)));
    spellings.add(Curve.hex(Curve.P.subtract(BigInteger.ONE).setBit(255)));
    assertThat(spellings).allSatisfy(key -> assertThat(Ed25519.verifier(key)).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f70751",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a00",
        "D75A980182B10AB7D54BFED3C964073A0EE172F3DAA62325AF021A68F707511A",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511g",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a\n",
        "٣75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "0200000000000000000000000000000000000000000000000000000000000000",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
      })
  void whatIsNoPointInLowercaseHexIsNoKey(String text) {
    assertThat(Ed25519.verifier(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ab",
        "=",
        "zz",
        "4xfMQCgvK0XIJL1CK0s46ovhrS5DMovae2cXlVIayhdNR77uW3e1t6ab2cckl9u302Sxux3Intzr3srTWuje",
        "4xfMQCgvK0XIJL1CK0s46ovhrS5DMovae2cXlVIayhdNR77uW3e1t6ab2cckl9u302Sxux3Intzr3srTWujeCwAA",
        "4xfMQCgvK0XIJL1CK0s46ovhrS5DMovae2cXlVIayhdNR77uW3e1t6ab2cckl9u302Sxux3Intzr3srTWuje+/",
        "\uD83D\uDE00"
      })
  void whatIsNot64BytesIsNoSignature(String text) {
    assertThat(Ed25519.signature(text)).isEmpty();
  }
}
