package presence.cases;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.concurrent.Executors;

/// An issuer of tokens that publishes its keys, while it can be reached.
final class Issuer {
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final KeyPair keys = rsa();
  private final KeyPair others = rsa();
  private final HttpServer server;
  private volatile boolean reachable;

  Issuer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/keys", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    if (!reachable) {
      return; // never answered
    }
    byte[] set =
        ("{\"keys\":[" + jwk((RSAPublicKey) keys.getPublic()) + "]}")
            .getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, set.length);
    exchange.getResponseBody().write(set);
    exchange.close();
  }

  private static String jwk(RSAPublicKey key) {
    return "{\"kty\":\"RSA\",\"kid\":\"k1\",\"alg\":\"RS256\",\"use\":\"sig\",\"n\":\"%s\",\"e\":\"%s\"}"
        .formatted(base64(key.getModulus()), base64(key.getPublicExponent()));
  }

  private static String base64(BigInteger number) {
    byte[] bytes = number.toByteArray();
    int sign = bytes[0] == 0 ? 1 : 0;
    return BASE64.encodeToString(java.util.Arrays.copyOfRange(bytes, sign, bytes.length));
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/keys");
  }

  void publishes() {
    reachable = true;
  }

  void hangs() {
    reachable = false;
  }

  String token(String handle) {
    return signed(handle, keys);
  }

  /// A token that names the issuer's key and is signed with another.
  String forged(String handle) {
    return signed(handle, others);
  }

  private static String signed(String handle, KeyPair by) {
    String text =
        Tokens.base64("{\"alg\":\"RS256\",\"kid\":\"k1\"}")
            + "."
            + Tokens.base64(
                "{\"sub\":\"%s\",\"exp\":%d}".formatted(handle, Tokens.inSeconds(3_600)));
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(by.getPrivate());
      signature.update(text.getBytes(StandardCharsets.US_ASCII));
      return text + "." + BASE64.encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair rsa() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
