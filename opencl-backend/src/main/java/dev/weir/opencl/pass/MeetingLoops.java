package dev.weir.opencl.pass;

import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets work-items meet behind every loop in which they meet. Memory does not need it. But where a
 * branch in such a loop and one behind it ask the same, a compiler may lead the work-items that
 * pass over the first straight past the second, by a second way out of the loop; PoCL 3.1, which
 * turns what lies between barriers into loops over work-items, then computes wrong results without
 * a word. No way leads around a barrier.
 */
public final class MeetingLoops {

  private MeetingLoops() {}

  /** The body of a kernel with such barriers; nothing follows its last statement. */
  public static List<Statement> of(List<Statement> body) {
    return of(body, true);
  }

  private static List<Statement> of(List<Statement> statements, boolean isKernel) {
    List<Statement> met = new ArrayList<>();
    for (int i = 0; i < statements.size(); i++) {
      Statement statement = statements.get(i);
      met.add(inside(statement));
      boolean isLast = i == statements.size() - 1;
      boolean isFollowed =
          isLast ? !isKernel : !(statements.get(i + 1) instanceof Statement.Barrier);
      if (statement instanceof Statement.Loop && meets(statement) && isFollowed) {
        met.add(new Statement.Barrier(AddressSpace.LOCAL));
      }
    }
    return met;
  }

  private static Statement inside(Statement statement) {
    return switch (statement) {
      case Statement.Loop loop -> loop.around(of(loop.body(), false));
      case Statement.If branch ->
          new Statement.If(branch.condition(), of(branch.body(), false), branch.node());
      case Statement.Block block -> new Statement.Block(of(block.body(), false));
      case Statement.Comment _, Statement.Declare _, Statement.DeclareArray _ -> statement;
      case Statement.Assign _, Statement.AssignNeighbours _ -> statement;
      case Statement.Scatter _, Statement.Barrier _ -> statement;
    };
  }

  private static boolean meets(Statement statement) {
    return statement instanceof Statement.Barrier
        || statement.children().stream().anyMatch(MeetingLoops::meets);
  }
}
