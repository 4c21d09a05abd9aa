/// Worlds: who is in one, as which avatar and where. Who is in it is durable; where the avatars are
/// is known in memory, here and on the nodes of their clients.
@NullMarked
package presence.world;

import org.jspecify.annotations.NullMarked;
