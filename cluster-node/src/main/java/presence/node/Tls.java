package presence.node;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How a node proves to its clients who it is: a certificate and its key, in files that may be
/// replaced while it runs. Connections that are open stay as they are. A replacement that cannot be
/// used is left aside, and what was there before is used on.
final class Tls {
  private static final Logger log = LoggerFactory.getLogger(Tls.class);
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
  private static final char[] NO_PASSWORD = {};

  private final Path certificate;
  private final Path key;
  private volatile Pem pem;
  private volatile SSLContext context;
  private String unusable = "";

  private Tls(Path certificate, Path key) throws Pem.Unusable {
    this.certificate = certificate;
    this.key = key;
    this.pem = Pem.read(certificate, key);
    this.context = context(pem);
  }

  /// Reads the files that the configuration names; nothing = it names none.
  ///
  /// @throws ConfigurationError that says which cannot be used, and why
  static Optional<Tls> of(Config presence) {
    var certificate = presence.getString("tls.certificate");
    var key = presence.getString("tls.key");
    if (certificate.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Tls(Path.of(certificate), Path.of(key)));
    } catch (Pem.Unusable e) {
      throw Settings.error(presence, "tls.certificate", String.valueOf(e.getMessage()));
    }
  }

  /// The engine of one connection.
  SSLEngine engine() {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(PROTOCOLS);
    parameters.setUseCipherSuitesOrder(true);
    engine.setSSLParameters(parameters);
    return engine;
  }

  /// Looks whether the files have been replaced, and if so, uses them from now on.
  synchronized void look() {
    try {
      if (!pem.isStillIn(certificate, key)) {
        Pem next = Pem.read(certificate, key);
        context = context(next);
        pem = next;
        log.info("TLS uses the certificate that is in {} now", certificate);
      }
      unusable = "";
    } catch (Pem.Unusable e) {
      String why = String.valueOf(e.getMessage());
      if (!why.equals(unusable)) {
        unusable = why;
        log.warn("TLS goes on with the certificate it has: {}", why);
      }
    }
  }

  private static SSLContext context(Pem pem) throws Pem.Unusable {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, NO_PASSWORD);
      store.setKeyEntry("node", pem.key(), NO_PASSWORD, pem.chain().toArray(Certificate[]::new));
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, NO_PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new Pem.Unusable("key and certificate cannot be used for TLS: " + e.getMessage());
    }
  }
}
