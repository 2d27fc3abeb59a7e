package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which Einsum needs a value of which other. Without {@link Kind#PREVIOUS_GENERATION} the edges
 * form a directed acyclic graph; with them every cycle is a recurrence along an iterative rank.
 */
public final class Dependences {

  private final Cascade cascade;
  private final List<Edge> edges;
  private final List<List<Edge>> into = new ArrayList<>();
  private final List<List<Edge>> outOf = new ArrayList<>();

  /** Which value of the producer is read. */
  public enum Kind {
    /** The value of the same step, or of a tensor that is not iterative. */
    DIRECT,
    /** What the producer wrote one step earlier. */
    PREVIOUS_GENERATION,
    /** What it wrote before the first step. */
    FIRST_GENERATION,
    /** What it wrote in the last step. */
    LAST_GENERATION
  }

  /**
   * One read of a tensor that the cascade computes.
   *
   * @param producer place of the Einsum that writes it
   * @param reader place of the Einsum that reads it
   * @param access how it is read
   * @param kind which generation of it
   */
  public record Edge(int producer, int reader, Access access, Kind kind) {}

  private Dependences(Cascade cascade, List<Edge> edges) {
    this.cascade = cascade;
    this.edges = List.copyOf(edges);
    for (int place = 0; place < cascade.einsums().size(); place++) {
      into.add(new ArrayList<>());
      outOf.add(new ArrayList<>());
    }
    for (Edge edge : edges) {
      into.get(edge.reader()).add(edge);
      outOf.get(edge.producer()).add(edge);
    }
  }

  /** Whose Einsums these are; edges name them by their place in it. */
  public Cascade cascade() {
    return cascade;
  }

  /** In the order of the reading Einsums. */
  public List<Edge> edges() {
    return edges;
  }

  /** Dependences of all Einsums of a cascade. */
  public static Dependences of(Cascade cascade) {
    Map<TensorName, Tensor> tensors = cascade.tensorsByName();
    List<Edge> edges = new ArrayList<>();
    List<Einsum> einsums = cascade.einsums();
    Map<TensorName, List<Integer>> writing = new HashMap<>();
    for (int place = 0; place < einsums.size(); place++) {
      TensorName written = einsums.get(place).output().tensor();
      writing.computeIfAbsent(written, _ -> new ArrayList<>()).add(place);
    }
    for (int reader = 0; reader < einsums.size(); reader++) {
      for (Access access : einsums.get(reader).reads()) {
        Kind kind = kind(access, tensors.get(access.tensor()));
        for (int producer : writing.getOrDefault(access.tensor(), List.of())) {
          if (kind != Kind.FIRST_GENERATION || einsums.get(producer).isInitial()) {
            edges.add(new Edge(producer, reader, access, kind));
          }
        }
      }
    }
    return new Dependences(cascade, edges);
  }

  /** What an Einsum reads of the others, by its place. */
  public List<Edge> into(int reader) {
    return Collections.unmodifiableList(into.get(reader));
  }

  /** Who reads what an Einsum writes, by its place. */
  public List<Edge> outOf(int producer) {
    return Collections.unmodifiableList(outOf.get(producer));
  }

  private static Kind kind(Access access, Tensor tensor) {
    if (tensor.generations().isEmpty()) {
      return Kind.DIRECT;
    }
    RankName generations = tensor.generations().get();
    Index index = access.indices().get(tensor.ranks().indexOf(generations));
    return switch (index) {
      case Index.Next _ -> Kind.DIRECT;
      case Index.Last _ -> Kind.LAST_GENERATION;
      case Index.Fixed fixed when fixed.coordinate() == 0 -> Kind.FIRST_GENERATION;
      case Index.Coordinate _,
          Index.Joined _,
          Index.Fixed _,
          Index.Affine _,
          Index.HeadMap _,
          Index.Computed _,
          Index.Gathered _ ->
          Kind.PREVIOUS_GENERATION;
    };
  }
}
