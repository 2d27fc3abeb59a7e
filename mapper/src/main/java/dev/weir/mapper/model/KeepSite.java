package dev.weir.mapper.model;

import dev.weir.einsum.ir.Tensor;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.schedule.Projection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** A tensor of a keep. */
final class KeepSite implements Site {

  private final Tensor tensor;
  private final MemoryLevel level;
  private final Amount copies;
  private final PlanScope scope;
  private final Optional<KeepSite> around;
  private final Optional<Projection.Part.Window> sliding;
  private final List<ComputeSite> users = new ArrayList<>();
  private final List<Site> directUses = new ArrayList<>();

  /**
   * @param copies tiles that there is room for, both halves of a double buffer counted; 0 in the
   *     place of another tensor
   * @param around the next keep around it that names the tensor
   * @param sliding the window of which an iteration of the innermost loop loads only what is new
   */
  KeepSite(
      Tensor tensor,
      MemoryLevel level,
      Amount copies,
      PlanScope scope,
      Optional<KeepSite> around,
      Optional<Projection.Part.Window> sliding) {
    this.tensor = tensor;
    this.level = level;
    this.copies = copies;
    this.scope = scope;
    this.around = around;
    this.sliding = sliding;
  }

  Tensor tensor() {
    return tensor;
  }

  MemoryLevel level() {
    return level;
  }

  Amount copies() {
    return copies;
  }

  /** What is around it. */
  @Override
  public PlanScope scope() {
    return scope;
  }

  Optional<KeepSite> around() {
    return around;
  }

  Optional<Projection.Part.Window> sliding() {
    return sliding;
  }

  /** Computes inside that read or write the tensor; filled while the tree is walked. */
  List<ComputeSite> users() {
    return users;
  }

  /** Stages of the users in the pipeline whose stages stand below it; 0 where there is none. */
  IntStream stages() {
    return users.stream().mapToInt(user -> user.scope().stageBelow(scope));
  }

  /** Keeps and computes inside that take the tensor from here; filled while the tree is walked. */
  List<Site> directUses() {
    return directUses;
  }

  /** The compute inside that produces the tensor. */
  Optional<ComputeSite> producer() {
    return users.stream()
        .filter(user -> user.einsum().output().tensor().equals(tensor.name()))
        .findFirst();
  }

  /** Where tiles come from and go to; empty for what never leaves. */
  Optional<MemoryLevel> nextHome(MemoryLevel top) {
    return around
        .map(KeepSite::level)
        .or(() -> tensor.role() == Tensor.Role.INTERMEDIATE ? Optional.empty() : Optional.of(top));
  }

  /** How many loops are around the next home. */
  int nextHomeDepth() {
    return around.map(keep -> keep.scope().depth()).orElse(0);
  }

  /**
   * Positions of the loops around over ranks that the producer reduces, along which sums go on;
   * empty when the tensor is not produced inside.
   */
  List<Integer> unfinishedBy() {
    return producer()
        .map(producer -> scope.loopsOver(producer.einsum().reducedRanks(), 0, scope.depth()))
        .orElse(List.of());
  }

  /** Marks of these loops. */
  long unfinishedMarks() {
    long marks = 0;
    for (int position : unfinishedBy()) {
      marks |= scope.loops().get(position).bit();
    }
    return marks;
  }

  /** Whether a tile goes to the next home when the keep is left. */
  boolean stores(MemoryLevel top) {
    return !isGenerational() && producer().isPresent() && nextHome(top).isPresent();
  }

  boolean isGenerational() {
    return tensor.generations().isPresent();
  }

  /** Positions of loops above it, below its next home, that read once for all instances. */
  Set<Integer> multicastLoops() {
    return scope.spatialLoops(
        nextHomeDepth(), scope.depth(), loop -> loop.multicast().contains(tensor.name()));
  }
}
