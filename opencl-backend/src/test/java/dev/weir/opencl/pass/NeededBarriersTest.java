package dev.weir.opencl.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.kernel.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

class NeededBarriersTest {

  private static final Array TILE = new Array("tile", AddressSpace.LOCAL, Type.FLOAT, 4);
  private static final Array OTHER = new Array("other", AddressSpace.LOCAL, Type.FLOAT, 4);
  private static final Array OWN = new Array("own", AddressSpace.PRIVATE, Type.FLOAT, 4);
  private static final Array BUFFER = new Array("buffer", AddressSpace.GLOBAL, Type.FLOAT, 4);

  private static final Statement MEET = new Statement.Barrier(AddressSpace.LOCAL);
  private static final Statement MEET_GLOBALLY = new Statement.Barrier(AddressSpace.GLOBAL);

  private static final Statement FILL = move(BUFFER, TILE);
  private static final Statement USE = move(TILE, OWN);

  private static Statement move(Array from, Array to) {
    Value first = new Value.Whole(0);
    return new Statement.Assign(to, first, new Value.Element(from, first));
  }

  private static Statement.Loop loop(Value bound, Statement... body) {
    return new Statement.Loop(
        new Value.Variable("i", Type.INT),
        new Value.Whole(0),
        bound,
        new Value.Whole(1),
        false,
        List.of(body));
  }

  private static final Value SOME = new Value.Variable("end", Type.INT);

  @Test
  void barrierBetweenAWriteAndAReadStays() {
    List<Statement> body = List.of(FILL, MEET, USE);

    assertThat(NeededBarriers.of(body)).isEqualTo(body);
  }

  @Test
  void barrierBetweenAReadAndAWriteStays() {
    List<Statement> body = List.of(USE, MEET, FILL);

    assertThat(NeededBarriers.of(body)).isEqualTo(body);
  }

  @Test
  void oneOfTwoGoes() {
    assertThat(NeededBarriers.of(List.of(FILL, MEET, MEET, USE)))
        .isEqualTo(List.of(FILL, MEET, USE));
  }

  @Test
  void barrierBetweenReadsOrOtherArraysGoes() {
    assertThat(NeededBarriers.of(List.of(MEET, USE, MEET, USE, MEET, move(BUFFER, OTHER), MEET)))
        .isEqualTo(List.of(USE, USE, move(BUFFER, OTHER)));
  }

  /** What goes on with one barrier less must not lose the one that it relied on. */
  @Test
  void barriersAreNotTakenAwayForEachOther() {
    Statement another = move(BUFFER, OTHER);

    assertThat(NeededBarriers.of(List.of(FILL, MEET, another, MEET, USE)))
        .isEqualTo(List.of(FILL, another, MEET, USE));
  }

  @Test
  void aLoopComesBackToItsBeginning() {
    List<Statement> body = List.of(loop(new Value.Whole(3), MEET, FILL, MEET, USE));

    assertThat(NeededBarriers.of(body)).isEqualTo(body);
  }

  @Test
  void aLoopThatMayRunNoStepPartsNothing() {
    Statement inside = move(OTHER, OWN);
    List<Statement> may = List.of(FILL, MEET, loop(SOME, MEET, inside), USE);
    List<Statement> does = List.of(FILL, MEET, loop(new Value.Whole(2), MEET, inside), USE);

    assertThat(NeededBarriers.of(may)).isEqualTo(List.of(FILL, MEET, loop(SOME, inside), USE));
    assertThat(NeededBarriers.of(does))
        .isEqualTo(List.of(FILL, loop(new Value.Whole(2), MEET, inside), USE));
  }

  @Test
  void conditionsAndBoundsAreReads() {
    Value read = new Value.Element(TILE, new Value.Whole(0));
    List<Statement> branch =
        List.of(FILL, MEET, new Statement.If(read, List.of(move(BUFFER, OWN))));
    List<Statement> bound = List.of(FILL, MEET, loop(read, move(BUFFER, OWN)));

    assertThat(NeededBarriers.of(branch)).isEqualTo(branch);
    assertThat(NeededBarriers.of(bound)).isEqualTo(bound);
  }

  @Test
  void aBarrierIsForItsOwnMemory() {
    Statement toBuffer = move(OWN, BUFFER);
    List<Statement> body = List.of(toBuffer, MEET_GLOBALLY, FILL, MEET, USE);

    assertThat(NeededBarriers.of(body)).isEqualTo(body);
    assertThat(NeededBarriers.of(List.of(toBuffer, MEET, move(BUFFER, OWN))))
        .isEqualTo(List.of(toBuffer, move(BUFFER, OWN)));
  }
}
