package presence.user;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.util.StdConverter;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.pcollections.OrderedPMap;
import presence.cluster.Remote;

/// A [Mailbox] as it is written to the journal: plain lists, each in its order.
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record WrittenMailbox(
    @Nullable List<Items.Entry> items,
    @Nullable List<Memory.Remembered> memory,
    @Nullable List<Mailbox.Owed> owed)
    implements Remote {

  static final class Writing extends StdConverter<Mailbox, WrittenMailbox> {
    @Override
    public WrittenMailbox convert(Mailbox box) {
      return new WrittenMailbox(
          List.copyOf(box.items().all().values()),
          List.copyOf(box.memory().letters().values()),
          List.copyOf(box.owed().values()));
    }
  }

  static final class Reading extends StdConverter<WrittenMailbox, Mailbox> {
    @Override
    public Mailbox convert(WrittenMailbox written) {
      Items items = Items.NONE;
      for (Items.Entry entry : Objects.requireNonNullElse(written.items, List.<Items.Entry>of())) {
        items = items.with(entry);
      }
      Memory memory = Memory.EMPTY;
      for (Memory.Remembered letter :
          Objects.requireNonNullElse(written.memory, List.<Memory.Remembered>of())) {
        memory = memory.with(letter);
      }
      OrderedPMap<String, Mailbox.Owed> owed = OrderedPMap.empty();
      for (Mailbox.Owed each : Objects.requireNonNullElse(written.owed, List.<Mailbox.Owed>of())) {
        owed = owed.plus(each.outcome().id(), each);
      }
      Mailbox box = new Mailbox(items, memory, owed);
      return box.equals(Mailbox.EMPTY) ? Mailbox.EMPTY : box; // most are, and share it
    }
  }
}
