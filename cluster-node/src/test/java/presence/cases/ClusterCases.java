package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import presence.node.Whereabouts;
import presence.protocol.ServerMessage;

/// Three nodes that all live.
@OnThreeNodes
@Timeout(60)
class ClusterCases {
  /// No roll is called: it would find that nobody is behind the many.
  @RegisterExtension
  static final TestCluster cluster =
      TestCluster.ofThree("PRESENCE_GRACE=60s", "PRESENCE_INSTANCE_AUDIT_AFTER_START=10m");

  private static final int MANY = 8_000;

  private final String lobby = TestNode.unique("chat-lobby");

  @Test
  @DisplayName("1, 6: lost on one node, back on another")
  void aSessionGoesOnOnAnotherNode() {
    TestClient bob = cluster.person("bob", cluster.node(0)).joins(lobby);
    TestClient ann = cluster.person("ann", cluster.node(1)).joins(lobby).goesTo("chat");
    bob.seesHere(ann).listens();

    ann.drops();
    cluster.leads(ann, cluster.node(2));
    assertThat(ann.comesBack().resumed()).isTrue();
    ann.says("from elsewhere");

    bob.heardNothingAbout(ann, "from elsewhere");
  }

  @Test
  @DisplayName("33: two observers on two nodes, from start to end")
  void everybodyIsToldTheSameInTheSameOrder() {
    TestClient here = cluster.person("here", cluster.node(0)).joins(lobby);
    TestClient there = cluster.person("there", cluster.node(1)).joins(lobby);
    there.seesOnline(here);
    here.seesOnline(there);
    int fromHere = here.transcript().end();
    int fromThere = there.transcript().end();

    List<TestClient> crowd =
        IntStream.range(0, 12).mapToObj(i -> cluster.person("crowd", cluster.node(i % 3))).toList();
    Story.atOnce(
        crowd.stream()
            .map(each ->
                (Runnable)
                    () -> {
                      each.joins(lobby).goesTo("chat").says("I am " + each.id());
                      each.goesTo(null).leaves(lobby);
                    })
            .toArray(Runnable[]::new));
    here.settles();
    there.settles();
    here.says("the end");
    there.sees("the end", view -> view.at().equals(here.view().at()));

    assertThat(changes(here, fromHere)).isNotEmpty().isEqualTo(changes(there, fromThere));
    assertThat(here.view()).isEqualTo(there.view());
  }

  @Test
  @DisplayName("a room that is larger than what nodes usually say to each other at once")
  void aRoomOfManyThousandsIsKnownOnEveryNode() {
    Whereabouts.fill(cluster.node(0).here(), lobby, MANY);

    for (TestNode node : cluster.nodes()) {
      TestClient client = cluster.person("one", node);
      client.connects();
      assertThat(client.asksSince(lobby, 1, 0))
          .isInstanceOfSatisfying(
              ServerMessage.Presence.class,
              cut -> assertThat(cut.counts().people()).isGreaterThan(MANY));
    }
  }

  /// What the stream says, each change by itself; who said a thing is told so in a copy of their
  /// own.
  private static List<ServerMessage> changes(TestClient client, int start) {
    return client.transcript().since(start).stream()
        .map(Transcript.Heard::message)
        .map(message ->
            switch (message) {
              case ServerMessage.Said said ->
                  new ServerMessage.Said(
                      said.instance(),
                      said.epoch(),
                      said.seq(),
                      said.id(),
                      said.from(),
                      said.text(),
                      said.at(),
                      null,
                      null);
              default -> message;
            })
        .filter(message ->
            message instanceof ServerMessage.Delta || message instanceof ServerMessage.Said)
        .distinct()
        .toList();
  }

  @Test
  void theListOfInstancesIsThatOfTheClusterOnEveryNodePageByPage() {
    List<String> rooms = IntStream.rangeClosed(1, 9).mapToObj(i -> lobby + "-" + i).toList();
    TestClient ann = cluster.person("ann", cluster.node(0));
    rooms.forEach(ann::joins);

    for (TestNode node : cluster.nodes()) {
      await()
          .atMost(Transcript.PATIENCE)
          .untilAsserted(() -> assertThat(list(node)).containsSubsequence(rooms));
    }
  }

  private static List<String> list(TestNode node) {
    List<String> names = new ArrayList<>();
    String cursor = "";
    do {
      Http.Answer page = node.get("/v1/instances?limit=2" + cursor);
      assertThat(page.status()).as(page.body()).isEqualTo(200);
      page.at("instances").forEach(each -> names.add(each.path("instance").asText()));
      cursor = page.at("cursor").isMissingNode() ? "" : "&cursor=" + page.at("cursor").asText();
    } while (!cursor.isEmpty());
    return names;
  }

  @Test
  void connectionsAreThoseOfAllNodes() {
    List<TestClient> people =
        cluster.nodes().stream().map(node -> cluster.person("each", node).joins(lobby)).toList();

    awaitConnections(people.size());

    people.getLast().drops();
    awaitConnections(people.size() - 1);
  }

  private void awaitConnections(int count) {
    cluster.nodes().forEach(node -> node.awaitConnections(lobby, count));
  }

  @Test
  void aCursorOfOneNodeServesOnAnotherUntilSomethingChangesThere() {
    TestClient ann = cluster.person("ann", cluster.node(0)).joins(lobby);
    TestClient bob = cluster.person("bob", cluster.node(1)).joins(lobby);
    ann.seesOnline(bob);
    String roster = "/v1/instances/" + lobby + "/roster?limit=1";

    Http.Answer first = cluster.node(0).get(roster);
    String next = roster + "&cursor=" + first.at("cursor").asText();
    Http.Answer second = cluster.node(1).get(next);

    assertThat(second.at("seq")).isEqualTo(first.at("seq"));
    assertThat(List.of(first.ids("members").getFirst(), second.ids("members").getFirst()))
        .containsExactly(ann.id(), bob.id());

    ann.says("something else");
    bob.heard("something else");
    cluster.person("eve", cluster.node(2)).joins(lobby);
    Http.Answer late = cluster.node(2).get(next);
    assertThat(late.status()).isEqualTo(409);
    assertThat(late.at("code").asText()).isEqualTo("conflict");
    assertThat(cluster.node(0).get(next).ids("members")).containsExactly(bob.id());
  }
}
