package presence.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.parallel.ResourceLock;

/// A class of tests that change what belongs to the whole process, as system properties or the
/// level of the log: no node of another test may run meanwhile.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ResourceLock(SharedProcess.NAME)
public @interface SharedProcess {
  /// The lock that those hold for reading who need the process as it is.
  String NAME = "process";
}
