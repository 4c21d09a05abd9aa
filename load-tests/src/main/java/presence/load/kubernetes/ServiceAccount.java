package presence.load.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// What a pod finds to speak to the API with (the API's certificate, a token, its namespace), and
/// the key that belongs to that certificate. Made anew by the JDK's `keytool`.
///
/// @param directory what Kubernetes mounts at `/var/run/secrets/kubernetes.io/serviceaccount`
/// @param token who shows it is a node
/// @param tls of the API
record ServiceAccount(Path directory, String token, SSLContext tls) {
  private static final String PASSWORD = "only-for-this-run";

  static ServiceAccount create(Path directory, String namespace, String token) {
    try {
      Files.createDirectories(directory);
      Path keys = directory.resolve("api.p12");
      keytool(
          "-genkeypair -keyalg EC -groupname secp256r1 -validity 2 -dname CN=kubernetes"
              + " -ext san=ip:127.0.0.1 -storetype PKCS12",
          keys);
      keytool("-exportcert -rfc -file " + directory.resolve("ca.crt"), keys);
      Files.writeString(directory.resolve("token"), token);
      Files.writeString(directory.resolve("namespace"), namespace);
      return new ServiceAccount(directory, token, tls(keys));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// What a node's JVM is told, which in a pod would find them at the usual place.
  List<String> flags(String module) {
    return List.of(
        "-D%s.api-ca-path=%s".formatted(module, directory.resolve("ca.crt")),
        "-D%s.api-token-path=%s".formatted(module, directory.resolve("token")));
  }

  private static void keytool(String arguments, Path keys) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments.split(" ")));
    command.addAll(List.of("-alias", "api", "-keystore", keys.toString(), "-storepass", PASSWORD));
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (keytool.waitFor() != 0) {
        throw new IllegalStateException("keytool: " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static SSLContext tls(Path keys) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys)) {
      store.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, PASSWORD.toCharArray());
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(managers.getKeyManagers(), null, null);
    return tls;
  }
}
