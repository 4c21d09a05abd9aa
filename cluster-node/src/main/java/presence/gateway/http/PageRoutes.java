package presence.gateway.http;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.conditional;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.head;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.pathSingleSlash;
import static org.apache.pekko.http.javadsl.server.Directives.respondWithDefaultHeaders;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.EntityTag;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.Route;

/// The pages, the JavaScript client and the OpenAPI document, as they are on the class path. A
/// browser asks each time whether its copy is still the one, so a new version of the node is a new
/// page at once.
final class PageRoutes {
  private static final ContentType JAVASCRIPT =
      ContentTypes.parse("text/javascript; charset=UTF-8");
  private static final ContentType CSS = ContentTypes.parse("text/css; charset=UTF-8");

  private static final HttpHeader ASK_AGAIN = RawHeader.create("Cache-Control", "no-cache");

  /// Everything comes from the node itself; nobody may frame the page, to click for its user.
  private static final List<HttpHeader> PAGE =
      List.of(
          ASK_AGAIN,
          RawHeader.create(
              "Content-Security-Policy",
              "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                  + "connect-src 'self'; form-action 'self'; base-uri 'none'; "
                  + "frame-ancestors 'none'"),
          RawHeader.create("Cross-Origin-Opener-Policy", "same-origin"),
          RawHeader.create("X-Frame-Options", "DENY"));

  /// Pages of other origins may import the client, and read what there is to ask.
  private static final List<HttpHeader> CLIENT =
      List.of(ASK_AGAIN, RawHeader.create("Access-Control-Allow-Origin", "*"));

  private PageRoutes() {}

  static Route route() {
    Route page = file("page/index.html", ContentTypes.TEXT_HTML_UTF8, PAGE);
    return concat(
        pathSingleSlash(() -> page),
        at("page.css", file("page/page.css", CSS, PAGE)),
        at("places.css", file("page/places.css", CSS, PAGE)),
        at("page.js", file("page/page.js", JAVASCRIPT, PAGE)),
        at("parts.js", file("page/parts.js", JAVASCRIPT, PAGE)),
        at("garden.js", file("page/garden.js", JAVASCRIPT, PAGE)),
        at("workshop.js", file("page/workshop.js", JAVASCRIPT, PAGE)),
        at("ops", file("ops/index.html", ContentTypes.TEXT_HTML_UTF8, PAGE)),
        at("ops.css", file("ops/ops.css", CSS, PAGE)),
        at("ops.js", file("ops/ops.js", JAVASCRIPT, PAGE)),
        at("plot.js", file("ops/plot.js", JAVASCRIPT, PAGE)),
        at("client.js", file("client/presence-client.js", JAVASCRIPT, CLIENT)),
        at(
            "client.d.ts",
            file("client/presence-client.d.ts", ContentTypes.TEXT_PLAIN_UTF8, CLIENT)),
        at("openapi.json", file("api/openapi.json", ContentTypes.APPLICATION_JSON, CLIENT)));
  }

  private static Route at(String name, Route file) {
    return path(name, () -> file);
  }

  private static Route file(String resource, ContentType type, List<HttpHeader> headers) {
    byte[] bytes = read("/presence/" + resource);
    HttpResponse answer = HttpResponse.create().withEntity(type, bytes);
    // Around the condition: a "not modified" replaces the headers that the browser has kept.
    Route tagged =
        respondWithDefaultHeaders(
            headers,
            () -> conditional(EntityTag.create(tag(bytes), false), () -> complete(answer)));
    return concat(get(() -> tagged), head(() -> tagged));
  }

  private static byte[] read(String resource) {
    try (InputStream stream = PageRoutes.class.getResourceAsStream(resource)) {
      if (stream == null) {
        throw new IllegalStateException(resource + " is not on the class path");
      }
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String tag(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }
}
