/// The datagrams of `presence.v1`: what a client and its node say beside the WebSocket, byte for
/// byte. All numbers are big-endian; nothing is encrypted, everything is authenticated.
///
/// | offset | bytes | |
/// |---|---|---|
/// | 0 | 1 | version, 1 |
/// | 1 | 1 | kind, see [Kind] |
/// | 2 | 16 | id of the [Ticket] |
/// | 18 | 8 | number: 1, 2, 3 … for each ticket and direction, never used twice |
/// | 26 | 0 … 1,158 | payload: [MovePayload], [MovesPayload] or [Echo] |
/// | end − 16 | 16 | the first half of HMAC-SHA-256 over all before, by the ticket's key |
///
/// A datagram that is not exactly so, is longer than 1,200 bytes, or has come before
/// ([ReplayWindow]) is dropped and nobody answers it. Knows no server.
@NullMarked
package presence.datagram;

import org.jspecify.annotations.NullMarked;
