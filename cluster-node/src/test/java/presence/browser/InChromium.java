package presence.browser;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.parallel.ResourceLock;
import presence.testkit.BesideOthers;

/// A class of tests of a page. They mostly wait for the browser, so they run beside all other
/// tests, one class at a time.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@BesideOthers
@ResourceLock("browser")
@interface InChromium {}
