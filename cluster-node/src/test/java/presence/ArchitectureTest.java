package presence;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import presence.node.Main;
import scala.concurrent.Await;
import scala.concurrent.Await$;

/// The map of the node: who may know whom, and what only its edges may touch.
class ArchitectureTest {
  private static final Set<String> ENTITIES =
      Set.of("instance", "user", "world", "workspace", "auth");

  /// Package → the packages it may know, beside itself and `protocol`. `node` wires the node and
  /// may know all; `store` implements ports of others, but nothing of what stands at the edge.
  private static final Map<String, Set<String>> MAP =
      Map.of(
          "cluster", Set.of(),
          "instance", Set.of("cluster"),
          "user", Set.of("cluster"),
          "world", Set.of("cluster"),
          "workspace", Set.of("cluster"),
          "auth", Set.of("cluster"),
          "session", union(ENTITIES, Set.of("cluster")),
          "gateway", union(ENTITIES, Set.of("session", "cluster", "datagram")),
          "ops", Set.of("gateway", "session", "instance", "world", "user", "cluster"),
          "store", union(ENTITIES, Set.of("session", "cluster")));

  private static final String[] EDGES = {"presence.node..", "presence.store.."};

  private static final JavaClasses NODE =
      new ClassFileImporter()
          .importUrl(Main.class.getProtectionDomain().getCodeSource().getLocation());

  static Stream<String> packagesOnTheMap() {
    return MAP.keySet().stream().sorted();
  }

  @Nested
  class ThePackageMap {
    @ParameterizedTest
    @MethodSource("presence.ArchitectureTest#packagesOnTheMap")
    void aPackageKnowsOnlyItsNeighbours(String from) {
      Set<String> known = union(MAP.getOrDefault(from, Set.of()), Set.of(from, "protocol"));
      String[] allowed =
          known.stream().map(each -> "presence." + each + "..").toArray(String[]::new);
      classes()
          .that(resideInAPackage("presence." + from + ".."))
          .should()
          .onlyDependOnClassesThat(
              resideOutsideOfPackage("presence..").or(resideInAnyPackage(allowed)))
          .allowEmptyShould(true)
          .check(NODE);
    }

    @Test
    void everyPackageIsOnIt() {
      Set<String> known = union(MAP.keySet(), Set.of("node"));
      assertThat(NODE)
          .extracting(JavaClass::getPackageName)
          .allMatch(each -> known.stream().anyMatch(name -> isWithin("presence." + name, each)));
    }

    @Test
    void framesAreBytesAndNothingElseOfPekko() {
      classes()
          .that(resideInAPackage("presence.gateway.ws.frame.."))
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage("java..", "org.jspecify..", "presence.gateway.ws.frame..")
                  .or(type(ByteString.class)))
          .check(NODE);
    }

    private boolean isWithin(String outer, String name) {
      return name.equals(outer) || name.startsWith(outer + ".");
    }

    @Test
    void hasNoCycles() {
      slices().matching("presence.(*)..").should().beFreeOfCycles().check(NODE);
    }

    @Test
    void everyPackageSaysWhatIsNeverNull() {
      List<String> unmarked =
          NODE.stream()
              .map(JavaClass::getPackage)
              .distinct()
              .filter(each -> !each.isAnnotatedWith(NullMarked.class))
              .map(JavaPackage::getName)
              .toList();
      assertThat(unmarked).as("packages without a @NullMarked package-info").isEmpty();
    }
  }

  @Nested
  class OutsideNodeAndStore {
    @Test
    void nobodyReadsTheWallClock() {
      nobodyCalls(
          "the wall clock: take an InstantSource",
          new Calls(System.class, "currentTimeMillis|nanoTime"),
          new Calls(Instant.class, "now"),
          new Calls(Clock.class, "system.*|tick.*"),
          new Calls(InstantSource.class, "system"),
          new Calls(Date.class, "<init>"));
    }

    @Test
    void nobodyLeavesAnythingToChance() {
      nobodyCalls(
          "chance: take a RandomGenerator",
          new Calls(Math.class, "random"),
          new Calls(Random.class, "<init>"),
          new Calls(ThreadLocalRandom.class, "current"),
          new Calls(RandomGenerator.class, "of|getDefault"),
          new Calls(UUID.class, "randomUUID"));
    }

    @Test
    void nobodyBlocksAThread() {
      nobodyCalls(
          "what blocks a thread",
          new Calls(Thread.class, "sleep|join"),
          new Calls(Object.class, "wait"),
          new Calls(Future.class, "get|join"),
          new Calls(CountDownLatch.class, "await"),
          new Calls(BlockingQueue.class, "take|put"),
          new Calls(Await$.class, "result|ready"),
          new Calls(Await.class, "result|ready"));
    }

    private void nobodyCalls(String what, Calls... forbidden) {
      noClasses()
          .that()
          .resideOutsideOfPackages(EDGES)
          .should()
          .accessTargetWhere(
              describe(what, access -> Stream.of(forbidden).anyMatch(each -> each.are(access))))
          .check(NODE);
    }
  }

  /// Calls of methods of a type, by a pattern of their names.
  private record Calls(Class<?> type, String names) {
    boolean are(JavaAccess<?> access) {
      return access.getTargetOwner().isAssignableTo(type) && access.getName().matches(names);
    }
  }

  @Nested
  class Names {
    @Test
    void sayWhatAThingIs() {
      noClasses()
          .should()
          .haveNameMatching(
              ".*(Manager|Impl|Utils?|Helper|Base|Info)|.*[.$](Abstract|Default)[A-Z].*")
          .check(NODE);
    }
  }

  private static Set<String> union(Set<String> some, Set<String> others) {
    Set<String> union = new TreeSet<>(some);
    union.addAll(others);
    return union;
  }
}
