package presence.instance;

import java.util.List;
import java.util.Optional;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/// What was said in an instance lately: its history, and the memory by which a repeated message is
/// known. Immutable.
///
/// A message is remembered while it is one of the newest `sizeMax`, and in any case until it is as
/// old as the memory reaches.
final class Talk {
  static final Talk NONE = new Talk(TreePVector.empty(), HashTreePMap.empty());

  private final PVector<Change.Message> messages;
  private final PMap<String, Change.Message> byClientId;

  private Talk(PVector<Change.Message> messages, PMap<String, Change.Message> byClientId) {
    this.messages = messages;
    this.byClientId = byClientId;
  }

  static Talk of(List<Change.Message> messages) {
    Talk talk = NONE;
    for (Change.Message message : messages) {
      talk = talk.plus(message);
    }
    return talk;
  }

  Talk plus(Change.Message message) {
    return new Talk(messages.plus(message), byClientId.plus(key(message), message));
  }

  /// Without what is neither among the newest `sizeMax` nor younger than `oldest`.
  Talk trim(int sizeMax, long oldest) {
    int drop = 0;
    PMap<String, Change.Message> kept = byClientId;
    while (messages.size() - drop > sizeMax && messages.get(drop).at() < oldest) {
      kept = kept.minus(key(messages.get(drop)));
      drop++;
    }
    return drop == 0 ? this : new Talk(messages.subList(drop, messages.size()), kept);
  }

  /// The message that this session sent under this id, if it is remembered.
  Optional<Change.Message> said(String session, String clientMessageId) {
    return Optional.ofNullable(byClientId.get(key(session, clientMessageId)));
  }

  /// The newest messages, oldest first.
  List<Change.Message> newest(int sizeMax) {
    return Changes.part(messages, Math.max(0, messages.size() - sizeMax), messages.size());
  }

  List<Change.Message> all() {
    return messages;
  }

  private static String key(Change.Message message) {
    return key(message.session(), String.valueOf(message.message().clientMessageId()));
  }

  private static String key(String session, String clientMessageId) {
    return session + ' ' + clientMessageId;
  }
}
