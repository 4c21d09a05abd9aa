package presence.gateway;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import presence.protocol.Codec;
import presence.protocol.ServerMessage;
import presence.protocol.Step;

/// One turn of a [Plain] as it is handed to everybody: what is told of a cell is encoded once,
/// however many are told it, and not at all if nobody is.
final class Round {
  private final String piece;
  private final Plain plain;
  private final Codec codec;
  private final Plain.Turn turn;
  private final Map<Plain.Cell, List<Moves>> here = new HashMap<>();
  private final Map<Plain.Cell, Moves> near = new HashMap<>();
  private final Map<Plain.Cell, Moves> far = new HashMap<>();
  private final Map<Plain.Cell, Moves> whole = new HashMap<>();

  Round(String piece, Plain plain, Codec codec) {
    this.piece = piece;
    this.plain = plain;
    this.codec = codec;
    this.turn = plain.turn();
  }

  /// What one who stands in this cell is told; who came from another is shown what is near now.
  List<Moves> of(Plain.@Nullable Cell cell, Follower follower) {
    if (cell == null) {
      return List.of();
    }
    List<Moves> told = here.computeIfAbsent(cell, this::here);
    Plain.Cell before = follower.cell();
    if (cell.equals(before)) {
      return told;
    }
    follower.sees(cell);
    List<Moves> all = new ArrayList<>();
    for (Plain.Cell each : plain.newlyNear(cell, before)) {
      all.add(whole.computeIfAbsent(each, at -> moves(plain.in(at))));
    }
    all.addAll(told);
    return all;
  }

  private List<Moves> here(Plain.Cell cell) {
    List<Moves> told = new ArrayList<>();
    turn.near()
        .forEach((each, steps) -> {
          if (each.isNear(cell)) {
            told.add(near.computeIfAbsent(each, _ -> moves(steps)));
          }
        });
    turn.far()
        .forEach((each, steps) -> {
          if (!each.isNear(cell)) {
            told.add(far.computeIfAbsent(each, _ -> moves(steps)));
          }
        });
    return told;
  }

  private Moves moves(List<Step> steps) {
    return new Moves(steps, Encoded.of(codec, new ServerMessage.Moved(piece, steps)));
  }
}
