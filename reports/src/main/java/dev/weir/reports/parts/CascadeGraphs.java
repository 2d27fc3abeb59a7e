package dev.weir.reports.parts;

import dev.weir.einsum.analysis.Dependences;
import dev.weir.einsum.analysis.PassReport;
import dev.weir.einsum.check.CascadeWriter;
import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.reports.model.Part.CascadeGraph;
import dev.weir.reports.model.Part.CascadeGraph.Group;
import dev.weir.reports.model.Part.CascadeGraph.Link;
import dev.weir.reports.model.Part.CascadeGraph.Node;
import dev.weir.reports.model.Part.CascadeGraph.NodeKind;
import dev.weir.reports.model.Part.CascadeGraph.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Pictures of the dependences of a cascade. */
public final class CascadeGraphs {

  private final Cascade cascade;
  private final PassReport.OfRank passes;
  private final List<Tensor> inputs;

  private CascadeGraphs(Cascade cascade, PassReport.OfRank passes) {
    this.cascade = cascade;
    this.passes = passes;
    this.inputs = cascade.tensors().stream().filter(t -> t.role() == Tensor.Role.INPUT).toList();
  }

  /** The Einsums of a cascade with their passes over one rank. */
  public static CascadeGraph of(Cascade cascade, PassReport.OfRank passes) {
    CascadeGraphs graphs = new CascadeGraphs(cascade, passes);
    return new CascadeGraph(
        "Dependences of " + cascade.name(),
        "Top to bottom in the order of the cascade. A line is a tensor: it leaves the Einsum that"
            + " writes it and ends at those that read it. Colours are passes over "
            + passes.rank()
            + "; a thick line is a value that is complete only when the pass has ended.",
        passes.rank().text(),
        graphs.nodes(),
        graphs.links(),
        graphs.groups());
  }

  private List<Node> nodes() {
    List<Node> nodes = new ArrayList<>();
    for (Tensor input : inputs) {
      nodes.add(new Node(input.name().text(), ranks(input), NodeKind.INPUT, 0, false));
    }
    for (int place = 0; place < cascade.einsums().size(); place++) {
      Einsum einsum = cascade.einsums().get(place);
      PassReport.OfEinsum pass = passes.einsums().get(place);
      Tensor written = cascade.tensorsByName().get(einsum.output().tensor());
      nodes.add(
          new Node(
              written.name().text(),
              CascadeWriter.write(einsum, cascade),
              written.role() == Tensor.Role.OUTPUT ? NodeKind.OUTPUT : NodeKind.EINSUM,
              pass.pass(),
              pass.when() == PassReport.When.AFTER));
    }
    return nodes;
  }

  private static String ranks(Tensor input) {
    return input.ranks().isEmpty()
        ? input.name().text()
        : input.ranks().stream()
            .map(RankName::text)
            .collect(Collectors.joining(",", input.name() + "[", "]"));
  }

  private List<Link> links() {
    List<Link> links = new ArrayList<>();
    for (int at = 0; at < inputs.size(); at++) {
      for (int place = 0; place < cascade.einsums().size(); place++) {
        for (Access access : cascade.einsums().get(place).reads()) {
          if (access.tensor().equals(inputs.get(at).name())) {
            links.add(new Link(at, inputs.size() + place, Value.STEP));
          }
        }
      }
    }
    for (Dependences.Edge edge : Dependences.of(cascade).edges()) {
      links.add(
          new Link(inputs.size() + edge.producer(), inputs.size() + edge.reader(), value(edge)));
    }
    return links.stream().distinct().toList();
  }

  private Value value(Dependences.Edge edge) {
    if (passes.waits().contains(new PassReport.Wait(edge.producer(), edge.reader()))) {
      return Value.COMPLETE;
    }
    boolean goesBack = edge.producer() >= edge.reader();
    return goesBack && edge.kind() == Dependences.Kind.PREVIOUS_GENERATION
        ? Value.PREVIOUS
        : Value.STEP;
  }

  /** Runs of neighbours that iterate along one iterative rank. */
  private List<Group> groups() {
    List<Group> groups = new ArrayList<>();
    for (RankName rank : new TreeSet<>(cascade.iterativeRanks())) {
      int first = -1;
      for (int place = 0; place <= cascade.einsums().size(); place++) {
        boolean advances =
            place < cascade.einsums().size()
                && cascade.einsums().get(place).iterationSpace().contains(rank);
        if (advances && first < 0) {
          first = place;
        } else if (!advances && first >= 0) {
          groups.add(
              new Group(
                  "step by step along " + rank, inputs.size() + first, inputs.size() + place - 1));
          first = -1;
        }
      }
    }
    groups.sort(
        Comparator.comparingInt((Group group) -> group.first() - group.last())
            .thenComparingInt(Group::first));
    return groups;
  }
}
