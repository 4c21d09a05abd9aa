package presence.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The page as two people use it.
@Timeout(120)
@InChromium
class PageTest {
  @RegisterExtension static final Windows windows = Windows.of();

  private Page open(String path, Browser.NewContextOptions options) {
    return open(windows.person(options), path);
  }

  private Page open(BrowserContext person, String path) {
    Page page = windows.open(person, path);
    assertThat(page.getByTestId("connection-state")).hasAttribute("data-state", "online");
    return page;
  }

  private Page open(String path) {
    return open(path, new Browser.NewContextOptions().setViewportSize(1200, 900));
  }

  private static Locator online(Page page, String person) {
    return page.locator("[data-testid=online-item][data-id='" + person + "']");
  }

  private static Locator here(Page page, String person) {
    return page.locator("[data-testid=here-item][data-id='" + person + "']");
  }

  private static Locator logged(Page page, String kind, String person) {
    return page.locator(
        "[data-testid=log-entry][data-kind='" + kind + "'][data-who='" + person + "']");
  }

  @Test
  void twoPeopleSeeEachOtherAndADroppedSocketIsNoDeparture() {
    Page ann = open("/?as=ann");
    Page bob = open("/?as=bob");
    assertThat(online(bob, "@ann")).hasCount(1);
    assertThat(online(ann, "@bob")).hasCount(1);
    assertThat(here(bob, "@ann")).hasCount(1);

    String epoch = ann.getByTestId("session-epoch").innerText();
    ann.getByTestId("drop").click();
    assertThat(ann.getByTestId("session-epoch")).not().hasText(epoch);
    assertThat(ann.getByTestId("connection-state")).hasAttribute("data-state", "online");
    assertThat(ann.getByTestId("resumed")).containsText("yes");

    ann.getByTestId("message-input").fill("still here");
    ann.getByTestId("send").click();
    assertThat(bob.getByTestId("messages")).containsText("still here");
    for (String kind : List.of("left", "joined", "away", "here")) {
      assertThat(logged(bob, kind, "@ann")).hasCount(0);
    }
  }

  @Test
  void whoGoesElsewhereIsOnlineAndNotHere() {
    Page cid = open("/?as=cid");
    Page dot = open("/?as=dot");
    assertThat(here(dot, "@cid")).hasCount(1);
    cid.getByTestId("piece-garden").click();
    assertThat(here(dot, "@cid")).hasCount(0);
    assertThat(online(dot, "@cid")).hasCount(1);
    cid.getByTestId("piece-lobby").click();
    assertThat(here(dot, "@cid")).hasCount(1);
    cid.getByTestId("background").click();
    assertThat(here(dot, "@cid")).hasCount(0);
    assertThat(online(dot, "@cid")).hasCount(1);
  }

  @Test
  void twoTabsAreOnePersonAndALeaveIsSeenOnce() {
    Page eva = open("/?as=eva");
    Page fay = open("/?as=fay");
    Page second = open(eva.context(), "/?as=eva");
    assertThat(online(fay, "@eva")).hasCount(1);
    second.getByTestId("leave").click();
    eva.getByTestId("leave").click();
    assertThat(online(fay, "@eva")).hasCount(0);
    assertThat(logged(fay, "left", "@eva")).hasCount(1);
  }

  @Test
  void whatIsWrittenToOnePersonIsSeenByNobodyElseAndByKeysAlone() {
    Page hal = open("/?as=hal");
    Page ida = open("/?as=ida");
    Page jon = open("/?as=jon");
    online(hal, "@ida").getByTestId("write-to").press("Enter");
    assertThat(hal.getByTestId("addressee")).containsText("@ida");
    hal.keyboard().type("psst");
    hal.keyboard().press("Enter");
    assertThat(direct(ida, "@hal")).containsText("psst");
    assertThat(direct(hal, "@hal")).hasAttribute("data-state", "delivered");

    direct(ida, "@hal").getByTestId("answer").press("Enter");
    ida.keyboard().type("what is it?");
    ida.keyboard().press("Enter");
    assertThat(direct(hal, "@ida")).containsText("what is it?");

    hal.getByTestId("message-input").press("Escape");
    assertThat(hal.getByTestId("addressee")).isHidden();
    hal.keyboard().type("nothing");
    hal.keyboard().press("Enter");
    assertThat(jon.getByTestId("messages")).containsText("nothing");
    assertThat(jon.getByTestId("messages")).not().containsText("psst");
    assertThat(jon.getByTestId("messages")).not().containsText("what is it?");
  }

  private static Locator direct(Page page, String from) {
    return page.locator("[data-testid=message][data-direct=true][data-from='" + from + "']");
  }

  @Test
  void itFitsANarrowScreenInTheDark() {
    Page page =
        open(
            "/?as=gus",
            new Browser.NewContextOptions()
                .setViewportSize(390, 800)
                .setColorScheme(ColorScheme.DARK));
    assertThat(page.getByTestId("seq")).not().isEmpty();
    Object overflow =
        page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth");
    assertThat(overflow).as("horizontal overflow in pixels").isEqualTo(0);
  }
}
