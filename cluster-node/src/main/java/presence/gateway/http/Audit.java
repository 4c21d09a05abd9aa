package presence.gateway.http;

import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What operators did, in the log `presence.audit`: one line each. From which address is there at
/// debug only, as all addresses are.
final class Audit {
  private static final Logger log = LoggerFactory.getLogger("presence.audit");

  private Audit() {}

  /// An operator did this.
  ///
  /// @param what with `{}` for whom it concerns
  static void of(HttpRequest request, String what, Object... whom) {
    log.info("An operator " + what, whom);
    if (log.isDebugEnabled()) {
      log.debug(
          "That was asked for by {}",
          request
              .getAttribute(AttributeKeys.remoteAddress)
              .map(Object::toString)
              .orElse("an address that is not known"));
    }
  }
}
