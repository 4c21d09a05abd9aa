package presence.load.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// What everyone meant to be in one instance: the measure of what its stream may tell. A person
/// comes with the first of its clients and goes with the last.
final class Wishes {
  private final Map<String, Person> persons = new HashMap<>();
  private final List<Step> steps = new ArrayList<>();

  private record Step(String client, String person, Story.Turn turn) {}

  /// When a person came, went, was here, was away, each in order of time.
  static final class Person {
    private final Set<String> members = new HashSet<>();
    private final Set<String> here = new HashSet<>();
    final List<Long> comes = new ArrayList<>();
    final List<Long> goes = new ArrayList<>();
    final List<Long> looks = new ArrayList<>();
    final List<Long> looksAway = new ArrayList<>();

    private void turn(String client, Story.Turn turn) {
      change(members, client, turn.member(), turn.at(), comes, goes);
      change(here, client, turn.here(), turn.at(), looks, looksAway);
    }

    private static void change(
        Set<String> set, String client, boolean in, long at, List<Long> begins, List<Long> ends) {
      boolean before = !set.isEmpty();
      boolean changed = in ? set.add(client) : set.remove(client);
      if (changed && before == set.isEmpty()) {
        (before ? ends : begins).add(at);
      }
    }
  }

  private Wishes() {}

  static Wishes of(String instance, List<Story> stories) {
    Wishes wishes = new Wishes();
    for (Story story : stories) {
      story.turns().stream()
          .filter(turn -> turn.instance().equals(instance))
          .forEach(turn -> wishes.steps.add(new Step(story.name(), story.person(), turn)));
    }
    wishes.steps.sort(Comparator.comparingLong(step -> step.turn().at()));
    for (Step step : wishes.steps) {
      if (!step.person().isEmpty()) {
        wishes.person(step.person()).turn(step.client(), step.turn());
      }
    }
    return wishes;
  }

  Person person(String id) {
    return persons.computeIfAbsent(id, _ -> new Person());
  }

  Set<String> online(long at) {
    return persons(at, Story.Turn::member);
  }

  Set<String> here(long at) {
    return persons(at, Story.Turn::here);
  }

  private Set<String> persons(long at, Predicate<Story.Turn> which) {
    Set<String> persons = new HashSet<>();
    for (Step step : newest(at).values()) {
      if (which.test(step.turn()) && !step.person().isEmpty()) {
        persons.add(step.person());
      }
    }
    return persons;
  }

  long sessions(long at) {
    return newest(at).values().stream().filter(step -> step.turn().member()).count();
  }

  long anonymous(long at) {
    return newest(at).values().stream()
        .filter(step -> step.turn().member() && step.person().isEmpty())
        .count();
  }

  private Map<String, Step> newest(long at) {
    Map<String, Step> newest = new HashMap<>();
    for (Step step : steps) {
      if (step.turn().at() <= at) {
        newest.put(step.client(), step);
      }
    }
    return newest;
  }
}
