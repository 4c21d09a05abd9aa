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

/// The operators' page as an operator uses it, while somebody is in the chat.
@Timeout(120)
@InChromium
class OperatorsPageTest {
  @RegisterExtension
  static final Windows windows =
      Windows.of("PRESENCE_ADMIN_TOKEN", "sesame").forgiving("status of 401");

  private Page chat(String person) {
    Page page = windows.open("/?as=" + person, new Browser.NewContextOptions());
    assertThat(page.getByTestId("connection-state")).hasAttribute("data-state", "online");
    return page;
  }

  private Page operator(Browser.NewContextOptions options) {
    Page page = windows.open("/ops", options);
    page.getByTestId("token").fill("sesame");
    page.getByTestId("enter").click();
    assertThat(page.getByTestId("state")).hasAttribute("data-state", "online");
    return page;
  }

  private Page operator() {
    return operator(new Browser.NewContextOptions().setViewportSize(1280, 900));
  }

  @Test
  void whoDoesNotShowTheTokenSeesNothing() {
    Page page = windows.open("/ops", new Browser.NewContextOptions());
    page.getByTestId("token").fill("open");
    page.getByTestId("enter").click();

    assertThat(page.getByTestId("gate-wrong")).hasText("That is not the token.");
    assertThat(page.getByTestId("nodes")).isHidden();
  }

  @Test
  void itShowsNodesInstancesAndRates() {
    chat("ann");
    Page page = operator();

    assertThat(page.getByTestId("total-nodes")).hasText("1 / 1");
    assertThat(page.getByTestId("nodes").locator(".badge")).hasText("up");
    Locator lobby = page.locator("[data-testid=instances] tr[data-key=chat-lobby]");
    assertThat(lobby).hasCount(1);
    assertThat(page.getByTestId("total-online")).hasText(Pattern.compile("[1-9]\\d*"));
    assertThat(page.getByTestId("nodes")).containsText(Pattern.compile("session [1-9]"));
    assertThat(page.getByTestId("plots").locator("polyline")).hasCount(6);
    assertThat(page.getByTestId("slow")).containsText("chat-lobby");
    page.getByTestId("forget").click();
    page.reload();
    assertThat(page.getByTestId("nodes")).isHidden();
  }

  @Test
  void whoIsKickedIsGoneAndThePageShowsIt() {
    Page bob = chat("bob");
    Page page = operator();
    page.getByTestId("whom").fill("@bob");
    page.getByTestId("decide").click();
    page.getByTestId("sure-no").click();
    assertThat(bob.getByTestId("connection-state")).hasAttribute("data-state", "online");

    page.getByTestId("decide").click();
    page.getByTestId("sure-yes").click();

    assertThat(page.getByTestId("notice")).containsText("@bob was kicked");
    assertThat(bob.getByTestId("connection-state")).hasAttribute("data-state", "stopped");
    assertThat(page.locator("[data-testid=ends] tr[data-key=kicked]").first()).isVisible();
  }

  @Test
  void whoIsMutedIsToldSoAndMaySpeakAgainWhenItIsLifted() {
    Page cid = chat("cid");
    Page page = operator();
    decides(page, "@cid", "Mute");

    assertThat(page.getByTestId("notice")).containsText("@cid is muted");
    Locator row = page.locator("[data-testid=sanctions] tr[data-key='mutes @cid ']");
    assertThat(row).containsText("muted everywhere");
    assertThat(row).containsText("too loud");
    says(cid, "anybody there?");
    assertThat(cid.locator("body")).containsText("You may not write here");

    row.getByTestId("lift").click();

    assertThat(row).hasCount(0);
    says(cid, "here I am again");
    assertThat(cid.getByTestId("messages")).containsText("here I am again");
  }

  @Test
  void whoIsBannedIsGoneAndStaysAwayUntilItIsLifted() {
    Page dan = chat("dan");
    Page page = operator();
    decides(page, "@dan", "Ban");

    assertThat(dan.getByTestId("connection-state")).hasAttribute("data-state", "stopped");
    Locator row = page.locator("[data-testid=sanctions] tr[data-key='bans @dan ']");
    assertThat(row).containsText("banned");
    dan.reload();
    assertThat(dan.getByTestId("connection-state")).hasAttribute("data-state", "stopped");

    row.getByTestId("lift").click();

    assertThat(row).hasCount(0);
    dan.reload();
    assertThat(dan.getByTestId("connection-state")).hasAttribute("data-state", "online");
  }

  private static void decides(Page page, String whom, String what) {
    page.getByTestId("whom").fill(whom);
    page.getByTestId("what").selectOption(what);
    page.getByTestId("reason").fill("too loud");
    page.getByTestId("decide").click();
    page.getByTestId("sure-yes").click();
  }

  private static void says(Page page, String text) {
    page.getByTestId("message-input").fill(text);
    page.keyboard().press("Enter");
  }

  @Test
  void aDrainIsAskedForTwice() {
    Page page = operator();
    page.getByTestId("drain").click();

    assertThat(page.getByTestId("sure")).containsText("nobody sees them leave");
    page.getByTestId("sure-no").click();
    assertThat(page.getByTestId("nodes").locator(".badge")).hasText("up");
  }

  @Test
  void itFitsANarrowScreenInTheDark() {
    Page page =
        operator(
            new Browser.NewContextOptions()
                .setViewportSize(390, 800)
                .setColorScheme(ColorScheme.DARK));
    Object overflow =
        page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth");
    assertThat(overflow).as("horizontal overflow in pixels").isEqualTo(0);
  }
}
