package presence.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(120)
@ExtendWith(OpenNode.class)
class HappyPathTest {
  private final LiveNode node;

  HappyPathTest(LiveNode node) {
    this.node = node;
  }

  @Test
  void whoProvesNothingIsWelcomeInAnOpenNode() {
    Client client = node.connect();
    client.say("{'type':'hello','protocol':1,'ref':'h'}");

    JsonNode welcome = client.await("welcome");

    assertThat(client.socket().getSubprotocol()).isEqualTo("presence.v1");
    assertThat(welcome.get("anonymous").asBoolean()).isTrue();
    assertThat(welcome.get("resumed").asBoolean()).isFalse();
    assertThat(welcome.get("ref").asText()).isEqualTo("h");
  }

  @Test
  void aDevelopmentTokenMakesAPersonWhoJoins() {
    Client ann = node.person("Ann");

    JsonNode presence = ann.join("chat-tokens");

    assertThat(presence.at("/online/0/id").asText()).isEqualTo("@ann");
  }

  @Test
  void twoClientsSeeAndHearEachOther() {
    Client ann = node.person("@ann");
    Client bob = node.person("@bob");
    ann.join("chat-two");
    bob.join("chat-two");

    assertThat(ann.await("presence:delta").at("/joined/0/id").asText()).isEqualTo("@bob");
    bob.say("{'type':'location','slug':'chat'}");
    assertThat(ann.await("presence:delta").at("/here/0").asText()).isEqualTo("@bob");

    ann.say("{'type':'chat:message','instance':'chat-two','text':'hi','clientMessageId':'1'}");
    JsonNode atBob = bob.await("chat:message");
    assertThat(atBob.get("text").asText()).isEqualTo("hi");
    assertThat(atBob.at("/from/handle").asText()).isEqualTo("@ann");
    assertThat(atBob.has("clientMessageId")).isFalse();
    assertThat(ann.await("chat:message").get("clientMessageId").asText()).isEqualTo("1");
  }

  @Test
  void whoComesBackInTimeIsResumedAndNobodyNotices() {
    Client ann = node.person("@ann");
    Client bob = node.connect();
    bob.say("{'type':'hello','protocol':1,'token':'%s'}".formatted(node.token("@bob")));
    JsonNode welcome = bob.await("welcome");
    JsonNode cut = bob.join("chat-back");
    ann.join("chat-back");
    bob.await("presence:delta");
    bob.drop();
    ann.say("{'type':'chat:message','instance':'chat-back','text':'gone?','clientMessageId':'1'}");
    ann.await("chat:message");

    Client again = node.connect();
    again.say(
        "{'type':'hello','protocol':1,'resume':{'token':'%s','instances':[{'instance':'chat-back','epoch':%d,'seq':%d}]}}"
            .formatted(
                welcome.get("resume").asText(),
                cut.get("epoch").asLong(),
                cut.get("seq").asLong()));

    JsonNode resumed = again.await("welcome");
    assertThat(resumed.get("resumed").asBoolean()).isTrue();
    assertThat(resumed.get("session")).isEqualTo(welcome.get("session"));
    assertThat(again.await("presence:delta").at("/joined/0/id").asText()).isEqualTo("@ann");
    assertThat(again.await("chat:message").get("text").asText()).isEqualTo("gone?");
    again.say("{'type':'chat:message','instance':'chat-back','text':'no','clientMessageId':'2'}");
    assertThat(ann.await("chat:message").get("text").asText()).isEqualTo("no");
    assertThat(ann.everything())
        .noneMatch(each -> each.has("joined") && !each.get("left").isEmpty());
  }

  @Test
  void whatIsAskedAgreesWithWhatTheStreamTells() {
    Client ann = node.person("@ann");
    JsonNode cut = ann.join("chat-agree");

    JsonNode numbers = node.json("/v1/instances/chat-agree");
    JsonNode roster = node.json("/v1/instances/chat-agree/roster");

    assertThat(numbers.get("epoch")).isEqualTo(cut.get("epoch"));
    assertThat(numbers.get("seq")).isEqualTo(cut.get("seq"));
    assertThat(numbers.get("counts")).isEqualTo(cut.get("counts"));
    assertThat(roster.get("members")).isEqualTo(cut.get("online"));
    assertThat(roster.get("seq")).isEqualTo(cut.get("seq"));
  }
}
