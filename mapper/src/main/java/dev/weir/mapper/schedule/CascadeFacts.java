package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What readers of a schedule ask a cascade again and again. */
public final class CascadeFacts {

  /**
   * What an Einsum says again and again.
   *
   * @param space ranks of the iteration space
   * @param reduced those that the output lacks
   * @param operands tensors that the right side reads, index tables among them, each once
   * @param needs those and the produced ones that conditions and positions read
   */
  private record Said(
      Set<RankName> space,
      Set<RankName> reduced,
      List<TensorName> operands,
      Set<TensorName> needs) {}

  private final Cascade cascade;
  private final Map<TensorName, Tensor> tensors;
  private final Map<TensorName, Projection> projections;
  private final List<Einsum> placed = new ArrayList<>();
  private final Map<TensorName, Einsum> producers = new HashMap<>();
  private final Map<TensorName, Einsum> initials = new HashMap<>();
  private final Map<TensorName, Said> said = new HashMap<>();

  /** Of this cascade. */
  public CascadeFacts(Cascade cascade) {
    this.cascade = cascade;
    this.tensors = cascade.tensorsByName();
    this.projections = Projection.all(cascade);
    for (Einsum einsum : cascade.einsums()) {
      TensorName output = einsum.output().tensor();
      if (einsum.isInitial()) {
        initials.put(output, einsum);
      } else {
        placed.add(einsum);
        producers.put(output, einsum);
        said.put(output, said(einsum));
      }
    }
  }

  private Said said(Einsum einsum) {
    Set<RankName> space = einsum.iterationSpace();
    Set<RankName> reduced = new LinkedHashSet<>(space);
    reduced.removeAll(einsum.output().ranks().toList());
    List<TensorName> operands = operands(einsum);
    Set<TensorName> needs = new LinkedHashSet<>(operands);
    needs.addAll(decisive(einsum).map(Access::tensor).toList());
    return new Said(space, reduced, operands, needs);
  }

  /**
   * Entries of produced tensors that only decide something at a point, in a condition or a
   * position: no operands, but produced before.
   */
  public Stream<Access> decisive(Einsum einsum) {
    return einsum.tables().stream()
        .filter(access -> !isInput(access.tensor()))
        .filter(access -> einsum.value().operands().noneMatch(access::equals));
  }

  public Optional<Tensor> tensor(TensorName name) {
    return Optional.ofNullable(tensors.get(name));
  }

  public Projection projection(TensorName tensor) {
    return projections.get(tensor);
  }

  /** Whether the tile of the tensor changes with the rank. */
  public boolean has(TensorName tensor, RankName rank) {
    return projections.get(tensor).has(rank, cascade);
  }

  /** Einsums that a schedule places: all but the initial ones, in the order of the cascade. */
  public List<Einsum> placed() {
    return Collections.unmodifiableList(placed);
  }

  /** The placed Einsum that produces the tensor. */
  public Optional<Einsum> producer(TensorName tensor) {
    return Optional.ofNullable(producers.get(tensor));
  }

  /** The Einsum that writes generation 0 of the tensor. */
  public Optional<Einsum> initial(TensorName tensor) {
    return Optional.ofNullable(initials.get(tensor));
  }

  /** {@link Einsum#iterationSpace} of a placed Einsum; not to be modified. */
  public Set<RankName> space(Einsum einsum) {
    return said.get(einsum.output().tensor()).space();
  }

  /** {@link Einsum#reducedRanks} of a placed Einsum; not to be modified. */
  public Set<RankName> reduced(Einsum einsum) {
    return said.get(einsum.output().tensor()).reduced();
  }

  /** What generation 0 of the tensor is read from, where it is an access and nothing else. */
  public Optional<Access> initialRead(TensorName tensor) {
    return initial(tensor)
        .map(Einsum::value)
        .filter(Expression.Read.class::isInstance)
        .map(value -> ((Expression.Read) value).access());
  }

  public boolean isInput(TensorName tensor) {
    return tensors.get(tensor).role() == Tensor.Role.INPUT;
  }

  /** Whether the top level is a home of the tensor without any keep: inputs and outputs. */
  public boolean livesAtTop(TensorName tensor) {
    return tensors.get(tensor).role() != Tensor.Role.INTERMEDIATE;
  }

  public Optional<RankName> generations(TensorName tensor) {
    return tensors.get(tensor).generations();
  }

  /** {@link #operands} of a placed Einsum; not to be modified. */
  List<TensorName> operandsOf(Einsum einsum) {
    return said.get(einsum.output().tensor()).operands();
  }

  /** Whether a placed Einsum writes or reads the tensor. */
  public boolean uses(Einsum einsum, TensorName tensor) {
    return einsum.output().tensor().equals(tensor) || reads(einsum, tensor);
  }

  /** Whether a placed Einsum reads the tensor, or needs it to decide something. */
  public boolean reads(Einsum einsum, TensorName tensor) {
    return said.get(einsum.output().tensor()).needs().contains(tensor);
  }

  /** Whether the Einsum reads the generation that an earlier step wrote. */
  public boolean readsOldGeneration(Einsum einsum, TensorName tensor) {
    return generationIndices(einsum, tensor).stream().anyMatch(Index.Coordinate.class::isInstance);
  }

  /** Whether the Einsum reads the generation that this step writes. */
  public boolean readsNewGeneration(Einsum einsum, TensorName tensor) {
    return generationIndices(einsum, tensor).stream().anyMatch(Index.Next.class::isInstance);
  }

  /** The indices with which the Einsum reads generations of the tensor. */
  List<Index> generationIndices(Einsum einsum, TensorName tensor) {
    Tensor generational = tensors.get(tensor);
    if (generational.generations().isEmpty()) {
      return List.of();
    }
    return generational.generations().stream()
        .map(generational.ranks()::indexOf)
        .flatMap(
            at ->
                einsum.reads().stream()
                    .filter(access -> access.tensor().equals(tensor))
                    .map(access -> access.indices().get(at)))
        .toList();
  }

  /** Tensors that the right side reads, index tables among them, each once. */
  public static List<TensorName> operands(Einsum einsum) {
    return einsum.value().operands().map(Access::tensor).distinct().collect(Collectors.toList());
  }
}
