package presence.simulation.whole;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import presence.simulation.Fault;

/// What happens to the cluster and its clients.
sealed interface Step {
  /// The client opens a socket at the host, whether or not it has one.
  record Arrive(int client, String host) implements Step {}

  /// The client's socket is lost, and the server learns of it.
  record Drop(int client) implements Step {}

  /// The client freezes: it says nothing more and its socket stays open.
  record Freeze(int client) implements Step {}

  /// The close of a socket that the client has left behind arrives.
  record CloseOld(int client) implements Step {}

  record Join(int client, String instance) implements Step {}

  record Leave(int client, String instance) implements Step {}

  record Go(int client, @Nullable String location, boolean visible) implements Step {}

  record Say(int client, String instance) implements Step {}

  /// The client writes to another, several times in a row: to the person, or to the session of this
  /// moment.
  record Write(int client, int to, boolean session, int times) implements Step {}

  record Bye(int client) implements Step {}

  record Rest(Duration span) implements Step {}

  /// The session of the client stops at once and comes back.
  record KillSession(int client) implements Step {}

  record KillInstance(String instance) implements Step {}

  record KillPerson(String person) implements Step {}

  record MovePerson(String person, String host) implements Step {}

  record MoveSession(int client, String host) implements Step {}

  record MoveInstance(String instance, String host) implements Step {}

  /// Everything on the host is gone; an empty one takes its place.
  record Crash(String host) implements Step {}

  /// The journal does and answers nothing for a time.
  record Stall(Duration span) implements Step {}

  record SpoilSession(int client, Fault fault) implements Step {}

  record SpoilPerson(String person, Fault fault) implements Step {}

  record SpoilInstance(String instance, Fault fault) implements Step {}

  record KillRegister() implements Step {}

  /// What an operator decides about a person.
  sealed interface Judicial extends Step {
    String person();
  }

  record Ban(String person, Duration span) implements Judicial {}

  record Pardon(String person) implements Judicial {}

  record Mute(String person, String where, Duration span) implements Judicial {}

  record Unmute(String person, String where) implements Judicial {}

  /// What happens to worlds and in them.
  sealed interface Worldly extends Step {}

  record Enter(int client, String piece) implements Worldly {}

  record Exit(int client, String piece) implements Worldly {}

  record Walk(int client, String piece) implements Worldly {}

  record KillWorld(String piece) implements Worldly {}

  record MoveWorld(String piece, String host) implements Worldly {}

  record SpoilWorld(String piece, Fault fault) implements Worldly {}
}
