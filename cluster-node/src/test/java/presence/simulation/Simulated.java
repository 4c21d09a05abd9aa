package presence.simulation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import presence.testkit.SharedProcess;

/// A class of simulations. Each uses one core only, so they run beside all other tests, one class
/// at a time.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("simulation")
@ResourceLock(value = SharedProcess.NAME, mode = ResourceAccessMode.READ)
public @interface Simulated {}
