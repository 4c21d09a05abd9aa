package presence.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import presence.testkit.TestSystem;
import presence.testkit.TestSystemExtension;

/// What crosses nodes or goes to the journal comes back as it was.
@ExtendWith(TestSystemExtension.class)
@Timeout(60)
class RemoteTest {
  private final TestSystem system;
  private final List<Remote> samples;

  RemoteTest(TestSystem system) {
    this.system = system;
    ActorRef<Object> ref = system.probe().getRef();
    this.samples = Samples.all(ref).toList();
  }

  @TestFactory
  Stream<DynamicTest> everySampleIsTheSameAfterTheRealSerializer() {
    return samples.stream()
        .map(sample ->
            DynamicTest.dynamicTest(
                sample.toString(),
                () -> system.kit().serializationTestKit().verifySerialization(sample, true)));
  }

  @Test
  void everyClassThatCrossesNodesHasASample() {
    Set<String> sampled =
        samples.stream().map(each -> each.getClass().getName()).collect(Collectors.toSet());
    List<String> without =
        new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("presence")
                .stream()
                .filter(each -> each.isAssignableTo(Remote.class))
                .map(JavaClass::reflect)
                .filter(Predicate.not(RemoteTest::staysInItsActor))
                .map(Class::getName)
                .filter(Predicate.not(sampled::contains))
                .toList();
    assertThat(without).as("add a sample to the package's Samples class").isEmpty();
  }

  /// What is private to an actor is only ever told by itself; an interface is nothing that is sent.
  private static boolean staysInItsActor(Class<?> type) {
    return type.isInterface()
        || Modifier.isPrivate(type.getModifiers())
        || ToItself.class.isAssignableFrom(type);
  }
}
