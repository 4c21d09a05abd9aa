package presence.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The other places of the page: the garden, which is a world, and the workshop, a workspace.
@Timeout(120)
@InChromium
class PlacesTest {
  @RegisterExtension
  static final Windows windows = Windows.of("PRESENCE_WORKSPACE_DETACH_GRACE", "4s");

  private Page open(String person, String place, Browser.NewContextOptions options) {
    Page page = windows.open("/?as=" + person + "&at=" + place, options);
    assertThat(page.getByTestId("connection-state")).hasAttribute("data-state", "online");
    return page;
  }

  private Page open(String person, String place) {
    return open(person, place, new Browser.NewContextOptions().setViewportSize(1200, 900));
  }

  private static Locator dot(Page page, String person) {
    return page.locator("[data-testid=dot][data-id='@" + person + "']");
  }

  private static Locator work(Page page, String name) {
    return page.locator("[data-testid=work][data-name='" + name + "']");
  }

  private static void shows(Page page, String work, String count, int number) {
    assertThat(work(page, work).getByTestId(count)).hasText(String.valueOf(number));
  }

  @Test
  void peopleInTheGardenSeeEachOtherWalkByKeysAndByPointer() {
    Page ann = open("ann", "garden");
    Page bob = open("bob", "garden");
    assertThat(dot(ann, "ann")).hasAttribute("data-self", "true");
    assertThat(dot(bob, "ann")).hasAttribute("data-self", "false");
    assertThat(ann.getByTestId("garden-count")).hasText("2");

    ann.getByTestId("plain").press("ArrowRight");
    String x = dot(ann, "ann").getAttribute("data-x");
    assertThat(dot(bob, "ann")).hasAttribute("data-x", x);

    bob.getByTestId("plain").click();
    assertThat(dot(ann, "bob")).hasAttribute("data-x", "500");
    assertThat(dot(ann, "bob")).hasAttribute("data-y", "320");
    bob.getByTestId("wave").click();
    assertThat(dot(ann, "bob")).hasAttribute("data-waves", "true");
  }

  @Test
  void whoClosesTheWindowFadesAndIsGoneAndWhoWalksOutIsGoneAtOnce() {
    Page cid = open("cid", "garden");
    Page dot = open("dot", "garden");
    Page eva = open("eva", "garden");
    assertThat(dot(eva, "cid")).hasAttribute("data-ghost", "false");
    assertThat(dot(eva, "dot")).hasCount(1);

    dot.getByTestId("piece-lobby").click();
    assertThat(dot(eva, "dot")).hasCount(0);
    cid.context().close();
    assertThat(dot(eva, "cid")).hasAttribute("data-ghost", "true");
    assertThat(dot(eva, "cid")).hasCount(0);
  }

  @Test
  void theSecondWindowOfAPersonHasTheAvatarAndTheFirstMayHaveItBack() {
    Page first = open("fay", "garden");
    assertThat(dot(first, "fay")).hasCount(1);
    Page second = open("fay", "garden");
    assertThat(first.getByTestId("garden-note")).isVisible();
    assertThat(dot(second, "fay")).hasAttribute("data-self", "true");

    first.getByTestId("garden-again").click();
    assertThat(second.getByTestId("garden-note")).isVisible();
    assertThat(dot(first, "fay")).hasAttribute("data-self", "true");
  }

  @Test
  void whereOneWindowLooksIsCountedInTheOther() {
    Page gus = open("gus", "workshop");
    assertThat(gus.getByTestId("workshop-state")).hasText("attached");
    Page hal = open("hal", "workshop");
    shows(hal, "Poster", "attached", 0);

    gus.getByTestId("work-name").fill("<b>Map</b>");
    gus.getByTestId("add-work").click();
    work(hal, "<b>Map</b>").getByTestId("look").click();
    shows(gus, "<b>Map</b>", "attached", 1);
    work(gus, "<b>Map</b>").getByTestId("look").click();
    shows(hal, "<b>Map</b>", "attached", 2);

    work(gus, "<b>Map</b>").getByTestId("run").click();
    assertThat(work(hal, "<b>Map</b>")).hasAttribute("data-busy", "true");
    gus.getByTestId("piece-lobby").click();
    shows(hal, "<b>Map</b>", "attached", 1);
    assertThat(work(hal, "<b>Map</b>")).hasAttribute("data-busy", "false");
    work(hal, "<b>Map</b>").getByTestId("remove").click();
    assertThat(work(hal, "<b>Map</b>")).hasCount(0);
  }

  @Test
  void whoLosesTheStreamIsLeasedAndAttachesAgainToWhereItLooked() {
    Page ida = open("ida", "workshop");
    Page jon = open("jon", "workshop");
    work(ida, "Letter").getByTestId("look").click();
    shows(jon, "Letter", "attached", 1);

    ida.getByTestId("lose-stream").click();
    shows(jon, "Letter", "leased", 1);
    shows(jon, "Letter", "leased", 0);
    shows(jon, "Letter", "attached", 0);
    ida.getByTestId("attach-again").click();
    shows(jon, "Letter", "attached", 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"garden", "workshop"})
  void itFitsANarrowScreenInTheDark(String place) {
    Page page =
        open(
            "kim",
            place,
            new Browser.NewContextOptions()
                .setViewportSize(360, 740)
                .setColorScheme(ColorScheme.DARK));
    assertThat(page.getByTestId(place)).isVisible();
    assertThat(page.getByTestId("tab-chat"))
        .hasText(Pattern.compile(place, Pattern.CASE_INSENSITIVE));
    Object overflow =
        page.evaluate(
            "Math.max(document.documentElement.scrollWidth - innerWidth,"
                + " document.documentElement.scrollHeight - innerHeight)");
    assertThat(overflow).as("overflow in pixels").isEqualTo(0);
  }
}
