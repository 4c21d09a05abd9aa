package presence.load.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Horizontal bars with their values, as SVG.
final class Bars {
  private static final int LABEL_WIDTH = 90;
  private static final int BAR_WIDTH_MAX = 420;
  private static final int VALUE_WIDTH = 90;
  private static final int ROW_HEIGHT = 28;
  private static final int BAR_HEIGHT = 18;
  private static final int HEAD_HEIGHT = 44;

  private record Bar(String label, double value) {}

  private final String title;
  private final String unit;
  private final List<Bar> bars = new ArrayList<>();

  Bars(String title, String unit) {
    this.title = title;
    this.unit = unit;
  }

  void add(String label, double value) {
    bars.add(new Bar(label, value));
  }

  int count() {
    return bars.size();
  }

  String svg() {
    int width = LABEL_WIDTH + BAR_WIDTH_MAX + VALUE_WIDTH;
    int height = HEAD_HEIGHT + bars.size() * ROW_HEIGHT + 8;
    StringBuilder svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="13">
        <rect width="100%%" height="100%%" fill="white"/>
        <text x="8" y="22" font-size="15" font-weight="bold">%s</text>
        <text x="8" y="38" fill="#555" font-size="11">%s, less is better</text>
        """
            .formatted(width, height, escaped(title), escaped(unit)));
    for (int row = 0; row < bars.size(); row++) {
      row(svg, bars.get(row), HEAD_HEIGHT + row * ROW_HEIGHT);
    }
    return svg.append("</svg>\n").toString();
  }

  private void row(StringBuilder svg, Bar bar, int top) {
    double width = width(bar.value());
    String colour = bar.label().equals(Peer.OURS) ? "#1f6feb" : "#9aa4b2";
    svg.append(
        String.format(
            Locale.ROOT,
            """
            <text x="%d" y="%d" text-anchor="end">%s</text>
            <rect x="%d" y="%d" width="%.1f" height="%d" fill="%s"/>
            <text x="%.1f" y="%d">%.2f</text>
            """,
            LABEL_WIDTH - 8,
            top + 16,
            escaped(bar.label()),
            LABEL_WIDTH,
            top + 2,
            width,
            BAR_HEIGHT,
            colour,
            LABEL_WIDTH + width + 6,
            top + 16,
            bar.value()));
  }

  /// The longest bar is as wide as there is room; what is below nothing has none.
  private double width(double value) {
    double most = bars.stream().mapToDouble(Bar::value).max().orElse(0);
    return most <= 0 ? 0 : Math.max(0, value) / most * BAR_WIDTH_MAX;
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
