/// What a node measures of itself, for Prometheus: the only place that knows Micrometer.
@NullMarked
package presence.ops.metrics;

import org.jspecify.annotations.NullMarked;
