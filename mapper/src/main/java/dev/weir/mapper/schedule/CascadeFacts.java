package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What readers of a schedule ask a cascade again and again. */
public final class CascadeFacts {

  private final Cascade cascade;
  private final Map<TensorName, Tensor> tensors;
  private final Map<TensorName, Projection> projections;

  /** Of this cascade. */
  public CascadeFacts(Cascade cascade) {
    this.cascade = cascade;
    this.tensors = cascade.tensorsByName();
    this.projections = Projection.all(cascade);
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
    return cascade.einsums().stream().filter(einsum -> !einsum.isInitial()).toList();
  }

  /** The placed Einsum that produces the tensor. */
  public Optional<Einsum> producer(TensorName tensor) {
    return placed().stream().filter(e -> e.output().tensor().equals(tensor)).findFirst();
  }

  /** The Einsum that writes generation 0 of the tensor. */
  public Optional<Einsum> initial(TensorName tensor) {
    return cascade.einsums().stream()
        .filter(Einsum::isInitial)
        .filter(einsum -> einsum.output().tensor().equals(tensor))
        .findFirst();
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

  /** Whether a placed Einsum writes or reads the tensor. */
  public boolean uses(Einsum einsum, TensorName tensor) {
    return einsum.output().tensor().equals(tensor) || reads(einsum, tensor);
  }

  public boolean reads(Einsum einsum, TensorName tensor) {
    return einsum.value().reads().anyMatch(access -> access.tensor().equals(tensor));
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
    return generational.generations().stream()
        .map(generational.ranks()::indexOf)
        .flatMap(
            at ->
                einsum
                    .value()
                    .reads()
                    .filter(access -> access.tensor().equals(tensor))
                    .map(access -> access.indices().get(at)))
        .toList();
  }

  /** Tensors that the right side reads, each once. */
  public static List<TensorName> operands(Einsum einsum) {
    return einsum.value().reads().map(Access::tensor).distinct().collect(Collectors.toList());
  }
}
