package presence.simulation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.parallel.ResourceLock;
import presence.testkit.BesideOthers;

/// A class of simulations. Each uses one core only, so they run beside all other tests, one class
/// at a time.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@BesideOthers
@ResourceLock("simulation")
public @interface Simulated {}
