package presence.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// What kustomize makes of `k8s/overlays`: one file for each overlay in `k8s/rendered`, kept beside
/// its sources, so that a review sees what a change does to a cluster, and tests and clusters need
/// no kustomize. The first line says by a hash from which sources it was made.
public final class RenderedManifests {
  /// Tests run in a module of the project; [#main(String\[\])] in the project itself.
  private static final Path DIRECTORY =
      Path.of(Files.isDirectory(Path.of("k8s")) ? "" : "..").resolve("k8s");

  private static final List<String> SOURCES = List.of("base", "components", "overlays");
  private static final String HEAD = "# Made by \"make manifests\" from %s; do not edit. %s\n";

  private RenderedManifests() {}

  /// Renders all overlays anew; needs kubectl.
  public static void main(String[] args) throws Exception {
    for (String overlay : overlays()) {
      String body = render(overlay);
      Files.writeString(file(overlay), head(overlay, body) + body);
      System.out.println("rendered " + file(overlay));
    }
  }

  private static String render(String overlay) throws IOException, InterruptedException {
    Process kubectl =
        new ProcessBuilder("kubectl", "kustomize", source(overlay).toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String body = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (kubectl.waitFor() != 0) {
      throw new IllegalStateException("kubectl could not render " + overlay);
    }
    return body;
  }

  /// The overlays there are, by name.
  public static List<String> overlays() {
    try (Stream<Path> directories = Files.list(DIRECTORY.resolve("overlays"))) {
      return directories.map(each -> each.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What was made of an overlay.
  public static Path file(String overlay) {
    return DIRECTORY.resolve("rendered").resolve(overlay + ".yaml");
  }

  /// Whether the file is what was made of the sources as they are now.
  public static boolean isCurrent(String overlay) {
    try {
      String text = Files.readString(file(overlay));
      String body = text.substring(text.indexOf('\n') + 1);
      return text.equals(head(overlay, body) + body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path source(String overlay) {
    return DIRECTORY.resolve("overlays").resolve(overlay);
  }

  private static String head(String overlay, String body) {
    return HEAD.formatted("overlays/" + overlay, hash(body));
  }

  /// Over every source and what was made of them: neither can be changed alone.
  private static String hash(String body) {
    try {
      MessageDigest hash = MessageDigest.getInstance("SHA-256");
      for (Path file : sources()) {
        hash.update(DIRECTORY.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
        hash.update(Files.readAllBytes(file));
      }
      hash.update(body.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash.digest(), 0, 16);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Path> sources() {
    return SOURCES.stream().flatMap(each -> files(DIRECTORY.resolve(each))).sorted().toList();
  }

  private static Stream<Path> files(Path directory) {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
