package dev.weir.opencl.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.kernel.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeetingLoopsTest {

  private static final Statement BARRIER = new Statement.Barrier(AddressSpace.LOCAL);
  private static final Statement OTHER = new Statement.Comment("something else");

  private static Statement loop(Statement... body) {
    return new Statement.Loop(
        new Value.Variable("i", Type.INT),
        new Value.Whole(0),
        new Value.Whole(4),
        new Value.Whole(1),
        false,
        List.of(body));
  }

  @Test
  void workItemsMeetBehindALoopInWhichTheyMeet() {
    assertThat(MeetingLoops.of(List.of(loop(BARRIER, OTHER), OTHER)))
        .containsExactly(loop(BARRIER, OTHER), BARRIER, OTHER);
    assertThat(MeetingLoops.of(List.of(loop(loop(OTHER, BARRIER), OTHER), OTHER)))
        .containsExactly(loop(loop(OTHER, BARRIER), BARRIER, OTHER), BARRIER, OTHER);
  }

  @Test
  void nothingIsAddedWhereTheyMeetAlreadyOrNothingFollowsOrTheyDoNotMeet() {
    List<Statement> already = List.of(loop(BARRIER, OTHER), BARRIER, OTHER);
    List<Statement> last = List.of(OTHER, loop(BARRIER, OTHER));
    List<Statement> apart = List.of(loop(OTHER), OTHER);

    assertThat(MeetingLoops.of(already)).isEqualTo(already);
    assertThat(MeetingLoops.of(last)).isEqualTo(last);
    assertThat(MeetingLoops.of(apart)).isEqualTo(apart);
  }
}
