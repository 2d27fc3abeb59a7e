package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Judgement;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Violation;
import dev.weir.opencl.kernel.Kernel;
import dev.weir.opencl.kernel.KernelBuffer;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.opencl.kernel.NumberFormat;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Value;
import dev.weir.opencl.pass.ExponentialPolynomials;
import dev.weir.opencl.pass.Folding;
import dev.weir.opencl.pass.Formats;
import dev.weir.opencl.pass.Hoisting;
import dev.weir.opencl.pass.MeetingLoops;
import dev.weir.opencl.pass.NeededBarriers;
import dev.weir.opencl.pass.RepeatedRounding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns a schedule on an OpenCL device into kernels. */
public final class KernelLowering {

  private final Facts facts;
  private final Map<TensorName, KernelBuffer> buffers = new LinkedHashMap<>();
  private final Set<TensorName> produced = new HashSet<>();

  private KernelLowering(Facts facts) {
    this.facts = facts;
  }

  /**
   * Kernels for the shapes of the problem, or why there are none: because the schedule is not legal
   * (docs/schedule.md), or because it is and yet cannot become a kernel (docs/kernels.md).
   */
  public static Lowering lower(Problem problem) {
    return lower(problem, NumberFormat.SINGLE);
  }

  private static Lowering lowerToSingle(Problem problem) {
    if (Legality.judge(problem) instanceof Judgement.Illegal illegal) {
      Violation first = illegal.violations().getFirst();
      return new Lowering.Refused(
          first.path(), first.sentence(), first.fix().orElse("./weir schedule check says more"));
    }
    try {
      Clauses.require(problem);
      return new Lowering.Lowered(new KernelLowering(new Facts(problem)).program());
    } catch (RefusedException refused) {
      return refused.refused();
    }
  }

  /**
   * The same in a number format. Refused, too, is what the format does not hold: sums in global
   * memory and empty values.
   */
  public static Lowering lower(Problem problem, NumberFormat format) {
    return switch (lowerToSingle(problem)) {
      case Lowering.Refused refused -> refused;
      case Lowering.Lowered lowered -> {
        KernelProgram program = Formats.of(lowered.program(), format);
        yield unfit(problem, program, format)
            .<Lowering>map(refusal -> refusal)
            .orElseGet(() -> new Lowering.Lowered(ExponentialPolynomials.of(program)));
      }
    };
  }

  private static Optional<Lowering.Refused> unfit(
      Problem problem, KernelProgram program, NumberFormat format) {
    Map<TensorName, Tensor> tensors = problem.cascade().tensorsByName();
    for (KernelBuffer buffer : program.buffers()) {
      double empty = tensors.get(buffer.tensor()).empty();
      double stored = format.stored(empty);
      if (stored != empty && !Double.isNaN(empty)) {
        return Optional.of(
            new Lowering.Refused(
                NodePath.ROOT,
                "the empty value of %s is %s, which %s stores as %s"
                    .formatted(buffer.tensor(), empty, format.text(), stored),
                "--precision fp32, or give %s an empty value that %s holds"
                    .formatted(buffer.tensor(), format.text())));
      }
    }
    return RepeatedRounding.in(program)
        .map(
            buffer ->
                new Lowering.Refused(
                    NodePath.ROOT,
                    "%s is summed up in global memory, where %s would round every step"
                        .formatted(buffer.tensor(), format.text()),
                    "--precision fp32, or a keep of %s in local or private memory around what sums it up"
                        .formatted(buffer.tensor())));
  }

  private KernelProgram program() {
    Part root = Sequencing.of(facts.problem().schedule().root());
    requireOutputs(root);
    String name = facts.problem().schedule().name();
    List<Part> phases = phases(root);
    List<Kernel> kernels = new ArrayList<>();
    for (Part phase : phases) {
      String suffix = phases.size() == 1 ? "" : "_" + (kernels.size() + 1);
      kernels.add(kernel(name.replaceAll("[^A-Za-z0-9_]", "_") + suffix, phase));
    }
    return new KernelProgram(name, List.copyOf(buffers.values()), kernels);
  }

  private void requireOutputs(Part root) {
    for (Tensor tensor : facts.problem().cascade().tensors()) {
      if (tensor.role() == Tensor.Role.OUTPUT && !root.produces(tensor.name())) {
        throw new RefusedException(
            NodePath.ROOT,
            "output " + tensor.name() + " has no compute in the schedule",
            "add compute " + tensor.name() + " on …");
      }
    }
  }

  /** Parts of a seq below nothing but keeps of the top level become kernels of their own. */
  private List<Part> phases(Part part) {
    boolean isTopKeep =
        part.node() instanceof Node.Keep keep
            && keep.level().equals(facts.problem().architecture().top().name());
    if (isTopKeep) {
      return phases(part.child()).stream()
          .map(phase -> new Part(part.node(), part.path(), List.of(phase)))
          .toList();
    }
    return part.node() instanceof Node.Seq
        ? part.children().stream().flatMap(child -> phases(child).stream()).toList()
        : List.of(part);
  }

  private Kernel kernel(String name, Part phase) {
    KernelState state = new KernelState(facts, phase, buffers, produced);
    List<Statement> body = new ArrayList<>();
    List<Long> groups = state.grid().groups();
    List<Long> items = state.grid().items();
    for (int dimension : Grid.dimensionsAbove1(groups)) {
      body.add(
          new Statement.Declare(state.group(dimension), new Value.GridPosition(true, dimension)));
    }
    for (int dimension : Grid.dimensionsAbove1(items)) {
      body.add(
          new Statement.Declare(state.item(dimension), new Value.GridPosition(false, dimension)));
    }
    new TreeLowering(state).lower(phase, start(), body);
    return new Kernel(
        name,
        state.arguments(),
        groups,
        items,
        state.localArrays(),
        MeetingLoops.of(NeededBarriers.of(Hoisting.of(Folding.of(body, groups, items)))));
  }

  private Scope start() {
    Map<RankName, Range> ranges = new HashMap<>();
    Set<RankName> ranks = new HashSet<>();
    facts.problem().cascade().tensors().forEach(tensor -> ranks.addAll(tensor.ranks()));
    facts.problem().cascade().einsums().stream().map(Einsum::iterationSpace).forEach(ranks::addAll);
    for (Partition split : facts.problem().cascade().partitions()) {
      ranks.addAll(List.of(split.outer(), split.inner()));
    }
    ranks.forEach(rank -> ranges.put(rank, Range.whole(facts.shape(rank))));
    return Scope.start(ranges);
  }
}
