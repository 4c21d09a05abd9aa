package presence.node;

import com.typesafe.config.Config;
import java.net.URI;

/// URLs in the configuration.
final class Urls {

  private Urls() {}

  /// An absolute http or https URL, or the error that names the setting.
  static URI absolute(Config presence, String key, String text) {
    try {
      var url = URI.create(text);
      if (url.getHost() != null && (isScheme(url, "https") || isScheme(url, "http"))) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      // says the same as what follows
    }
    throw Settings.error(
        presence,
        key,
        "\"%s\" is not valid, write an absolute URL such as https://example.org".formatted(text));
  }

  private static boolean isScheme(URI url, String scheme) {
    return scheme.equalsIgnoreCase(url.getScheme());
  }
}
