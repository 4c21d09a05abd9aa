/// What every part of a cluster shares: the marker of what crosses nodes, the number of shards, the
/// cluster's formation and its secrets. Knows neither the journal nor the node.
@NullMarked
package presence.cluster;

import org.jspecify.annotations.NullMarked;
