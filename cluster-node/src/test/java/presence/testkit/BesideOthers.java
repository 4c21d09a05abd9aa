package presence.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/// A class of tests that runs beside all others but those of a [SharedProcess]: it neither changes
/// nor watches what belongs to the whole process. Also part of annotations that say which of these
/// run one at a time, by a lock of their own.
@Target({ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(value = SharedProcess.NAME, mode = ResourceAccessMode.READ)
public @interface BesideOthers {}
