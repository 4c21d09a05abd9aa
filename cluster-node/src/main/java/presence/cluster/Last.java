package presence.cluster;

import java.util.Set;

/// Marks an event after which its entity has nothing more to do. Once it has been an entity's
/// newest event for the journal's retention, everything the entity left in the journal is deleted,
/// its sequence number included; an entity that is used again before then continues its sequence.
///
/// Typed persistence has no call that deletes events, so the journal must recognise the end by
/// itself: an entity tags its events with [#tags(Object)].
public interface Last extends Remote {

  /// The tag of such an event in the journal.
  String TAG = "last";

  /// What an entity's `tagsFor` returns for an event.
  static Set<String> tags(Object event) {
    return event instanceof Last ? Set.of(TAG) : Set.of();
  }
}
