package presence.load.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class BarsTest {
  private final Bars bars = new Bars("fan-out <all>", "µs & more");

  @Test
  void aBarIsAsLongAsItsValueToTheLongest() throws Exception {
    bars.add("ours", 1);
    bars.add("Netty", 4);
    NodeList drawn = parsed().getElementsByTagName("rect");
    assertThat(width(drawn, 1)).isEqualTo(105);
    assertThat(width(drawn, 2)).isEqualTo(420);
  }

  @Test
  void whatIsBelowNothingHasNoBar() throws Exception {
    bars.add("ours", -1);
    bars.add("Netty", 2);
    assertThat(width(parsed().getElementsByTagName("rect"), 1)).isZero();
  }

  @Test
  void titleAndUnitAreTextWhateverIsInThem() throws Exception {
    NodeList texts = parsed().getElementsByTagName("text");
    assertThat(texts.item(0).getTextContent()).isEqualTo("fan-out <all>");
    assertThat(texts.item(1).getTextContent()).startsWith("µs & more");
  }

  private Document parsed() throws Exception {
    byte[] svg = bars.svg().getBytes(StandardCharsets.UTF_8);
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg));
  }

  private static double width(NodeList drawn, int number) {
    return Double.parseDouble(((Element) drawn.item(number)).getAttribute("width"));
  }
}
