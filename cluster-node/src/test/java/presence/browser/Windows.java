package presence.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.setDefaultAssertionTimeout;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import presence.node.MemoryNode;

/// A node, a browser, and the windows that a test opens there. After each test they are closed, and
/// the browser must not have complained about anything.
final class Windows implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
  private static final double PATIENCE_MS = 30_000;

  private final String[] settings;
  private final List<BrowserContext> contexts = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();
  private @Nullable String forgiven;
  private @Nullable Chromium chromium;
  private @Nullable MemoryNode node;

  private Windows(String... settings) {
    this.settings = settings;
  }

  /// @param settings of the node, variables and their values in turn
  static Windows of(String... settings) {
    return new Windows(settings);
  }

  /// Complaints with these words are what tests want.
  Windows forgiving(String words) {
    forgiven = words;
    return this;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    chromium = Chromium.start();
    setDefaultAssertionTimeout(PATIENCE_MS);
    node = MemoryNode.with(settings);
  }

  /// Somebody else, who shares nothing with those who are there.
  BrowserContext person(Browser.NewContextOptions options) {
    BrowserContext person = started(chromium).browser().newContext(options);
    contexts.add(person);
    return person;
  }

  /// One more window of a person.
  Page open(BrowserContext person, String path) {
    Page page = person.newPage();
    page.onConsoleMessage(message -> {
      if (message.type().equals("error")) {
        complaints.add(message.text());
      }
    });
    page.onPageError(complaints::add);
    page.navigate(started(node).url().resolve(path).toString());
    return page;
  }

  /// The only window of somebody else.
  Page open(String path, Browser.NewContextOptions options) {
    return open(person(options), path);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    contexts.forEach(BrowserContext::close);
    contexts.clear();
    List<String> heard = complaints.stream().filter(each -> !isForgiven(each)).toList();
    complaints.clear();
    assertThat(heard).as("what the browser complained about").isEmpty();
  }

  private boolean isForgiven(String complaint) {
    return forgiven != null && complaint.contains(forgiven);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    started(node).close();
    started(chromium).close();
  }

  private static <T> T started(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("before all tests");
    }
    return part;
  }
}
