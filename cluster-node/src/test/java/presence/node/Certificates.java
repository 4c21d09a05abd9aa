package presence.node;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// An authority of a test, and the certificates it vouches for; made by the JDK's own keytool.
final class Certificates {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final Path store;
  private int made;

  Certificates(Path directory) {
    store = directory.resolve("authority.p12");
    keytool("-alias", "authority", "-dname", "CN=authority", "-ext", "bc:c", "-keyalg", "RSA");
  }

  /// Writes a new certificate and its key into these files.
  void issue(String name, String algorithm, Path certificate, Path key) {
    String alias = "c" + ++made;
    keytool(
        "-alias",
        alias,
        "-dname",
        "CN=" + name,
        "-ext",
        "san=dns:" + name + ",ip:127.0.0.1",
        "-signer",
        "authority",
        "-keyalg",
        algorithm);
    try {
      write(key, "PRIVATE KEY", keys().getKey(alias, PASSWORD).getEncoded());
      write(certificate, "CERTIFICATE", keys().getCertificate(alias).getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Writes the certificate of the authority.
  void write(Path authority) {
    try {
      write(authority, "CERTIFICATE", keys().getCertificate("authority").getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// For clients that believe this authority and no other.
  SSLContext client() {
    try {
      Certificate authority = keys().getCertificate("authority");
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, PASSWORD);
      trusted.setCertificateEntry("authority", authority);
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private KeyStore keys() {
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD);
      return keys;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void write(Path file, String what, byte[] der) {
    String text =
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(what, Base64.getMimeEncoder().encodeToString(der), what);
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void keytool(String... what) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-genkeypair"));
    command.addAll(List.of(what));
    command.addAll(List.of("-keystore", store.toString(), "-storepass", new String(PASSWORD)));
    command.addAll(List.of("-validity", "2"));
    if (command.contains("RSA")) {
      command.addAll(List.of("-keysize", "2048")); // more takes seconds to make
    }
    try {
      Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (keytool.waitFor() != 0) {
        throw new IllegalStateException(said);
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
