package presence.browser;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import presence.testkit.SharedProcess;

/// A class of tests of a page. They mostly wait for the browser, so they run beside all other
/// tests, one class at a time.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("browser")
@ResourceLock(value = SharedProcess.NAME, mode = ResourceAccessMode.READ)
@interface InChromium {}
