/// What every part of the cluster agrees on: formation, shard count, what crosses nodes.
@NullMarked
package presence.cluster;

import org.jspecify.annotations.NullMarked;
