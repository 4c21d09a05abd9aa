package presence.world;

import com.fasterxml.jackson.annotation.JsonFormat;
import presence.cluster.Remote;
import presence.protocol.Spot;

/// Where an avatar is, and by which word of its client. Written as an array: there are twenty
/// batches of them a second.
///
/// @param epoch of the connection the word came through; 0 = it came with the entering
/// @param seq the client's number of the move
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
public record Place(Spot spot, long epoch, long seq) implements Remote {
  /// Where an avatar enters.
  public static Place at(Spot spot) {
    return new Place(spot, 0, 0);
  }

  /// Whether this is the later word of the same client.
  public boolean isAfter(Place other) {
    return epoch == other.epoch ? seq > other.seq : epoch > other.epoch;
  }
}
