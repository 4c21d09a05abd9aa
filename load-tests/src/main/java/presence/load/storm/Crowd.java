package presence.load.storm;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import presence.load.record.Recorder;
import presence.protocol.View;

/// The clients of one run, the same from the same seed. Persons have one session to three, every
/// twelfth session is anonymous; each is a member of one instance, every tenth of a second one, and
/// every twentieth follows only the counts.
///
/// | who | of all | does |
/// |---|---|---|
/// | movers | a tenth | look at their instance and look away, all the time |
/// | leavers | a twelfth | lose their socket and never come back |
/// | all others | | stay, say something now and then, lose a socket now and then |
///
/// Nothing of the others may ever be seen.
final class Crowd {
  private static final int ROOM = 50;
  private static final int COMING_AT_ONCE = 40;
  private static final int PERSON_SESSIONS_MAX = 3;
  private static final Duration COME_MAX = Duration.ofSeconds(60);

  private final List<Guest> guests = new ArrayList<>();
  private final List<Guest> movers = new ArrayList<>();
  private final List<Guest> leavers = new ArrayList<>();
  private final List<Guest> others = new ArrayList<>();
  private final List<String> instances;

  private Crowd(List<String> instances) {
    this.instances = instances;
  }

  /// @param name unlike that of any other crowd of this cluster
  /// @param tokens of the persons `@NAME-0`, `@NAME-1`, … as many as there are clients
  static Crowd of(
      String name,
      List<String> tokens,
      List<URI> nodes,
      Path directory,
      Duration grace,
      RandomGenerator random) {
    int size = tokens.size();
    Crowd crowd =
        new Crowd(
            IntStream.range(0, Math.max(2, size / ROOM))
                .mapToObj(number -> name + "-room-" + number)
                .toList());
    for (int person = 0; crowd.guests.size() < size; person++) {
      crowd.addPerson(
          name,
          person,
          tokens.get(person),
          size,
          random,
          role ->
              new Guest(
                  role,
                  nodes,
                  Recorder.create(
                      directory.resolve(role.name() + ".jsonl"), InstantSource.system()),
                  grace.toMillis()));
    }
    return crowd;
  }

  private void addPerson(
      String name,
      int person,
      String token,
      int size,
      RandomGenerator random,
      java.util.function.Function<Guest.Role, Guest> create) {
    boolean anonymous = random.nextInt(12) == 0;
    boolean leaver = random.nextInt(12) == 0;
    boolean mover = !anonymous && !leaver && (random.nextInt(8) == 0 || person < instances.size());
    int sessions =
        anonymous || mover || leaver || random.nextInt(3) > 0
            ? 1
            : 1 + random.nextInt(PERSON_SESSIONS_MAX);
    String instance = instances.get(person % instances.size());
    for (int i = 0; i < sessions && guests.size() < size; i++) {
      List<String> joins = new ArrayList<>(List.of(instance));
      if (!mover && random.nextInt(10) == 0) {
        joins.add(instances.get((person + 1) % instances.size()));
      }
      int number = guests.size();
      Guest guest =
          create.apply(
              new Guest.Role(
                  "c%03d".formatted(number),
                  anonymous ? null : "@" + name + '-' + person,
                  anonymous ? null : token,
                  List.copyOf(joins),
                  number % 3,
                  random.nextInt(20) == 0));
      guests.add(guest);
      (mover ? movers : leaver ? leavers : others).add(guest);
    }
  }

  List<String> instances() {
    return instances;
  }

  List<Guest> all() {
    return guests;
  }

  List<Guest> movers() {
    return movers;
  }

  List<Guest> leavers() {
    return leavers;
  }

  List<Guest> others() {
    return others;
  }

  /// Brings everybody in, some at a time, and waits until each has its first whole view.
  void come() throws InterruptedException {
    for (int from = 0; from < guests.size(); from += COMING_AT_ONCE) {
      List<Guest> some = guests.subList(from, Math.min(guests.size(), from + COMING_AT_ONCE));
      CompletableFuture<Void> all =
          CompletableFuture.allOf(some.stream().map(Guest::come).toArray(CompletableFuture[]::new));
      try {
        all.get(COME_MAX.toSeconds(), TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        throw new IllegalStateException("not everybody could come", e);
      }
    }
  }

  /// Whether everyone who is still there heard something that was said after this moment.
  boolean heardSince(long at) {
    return staying(guest -> guest.heardSince(at));
  }

  /// Whether nobody waits for anything, all members of an instance stand at the same cut, and no
  /// direct message is on its way.
  boolean isQuiet() {
    return staying(Guest::isSettled)
        && instances.stream().allMatch(this::isAtOneCut)
        && underWay().isEmpty();
  }

  /// What was accepted for a person who is there, and did not come yet.
  private List<String> underWay() {
    Set<String> came = new HashSet<>();
    Set<String> there = new HashSet<>();
    for (Guest guest : guests) {
      came.addAll(guest.letters());
      String handle = guest.role().handle();
      if (!guest.isGone() && handle != null) {
        there.add(handle);
      }
    }
    return guests.stream()
        .flatMap(guest -> guest.posted().entrySet().stream())
        .filter(letter -> there.contains(letter.getValue()) && !came.contains(letter.getKey()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private boolean isAtOneCut(String instance) {
    Set<Object> cuts = new HashSet<>();
    for (Guest guest : guests) {
      if (!guest.isGone() && guest.role().instances().contains(instance)) {
        View view = guest.view(instance);
        cuts.add(view == null ? "nothing" : view.at());
      }
    }
    return cuts.size() <= 1;
  }

  private boolean staying(Predicate<Guest> holds) {
    return guests.stream().filter(guest -> !guest.isGone()).allMatch(holds);
  }

  /// What keeps it from being quiet, for people.
  String unquiet() {
    Stream<String> waiting =
        guests.stream()
            .filter(guest -> !guest.isGone() && !guest.isSettled())
            .map(guest -> guest.role().name());
    return Stream.concat(waiting, underWay().stream()).limit(10).toList().toString();
  }

  /// Ends everybody's recording, then everybody's session: nobody writes down how the others go.
  void finish() {
    guests.forEach(Guest::finish);
    guests.forEach(Guest::leave);
  }
}
