/// Crowds of clients that live on while nodes and the journal go: who they are, what they do, what
/// is done to the cluster under them.
@NullMarked
package presence.load.storm;

import org.jspecify.annotations.NullMarked;
