/// The routes of a node: the WebSocket's door, questions about instances and people, spectators,
/// operators' commands and the page. Every answer that is an error is a typed one.
@NullMarked
package presence.gateway.http;

import org.jspecify.annotations.NullMarked;
