package dev.weir.einsum.check;

import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.Span;
import dev.weir.einsum.syntax.Statement;
import dev.weir.einsum.syntax.Term;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What every name of a cascade means. All maps keep the order of the text.
 *
 * @param ranks declared ranks and parts, and where
 * @param partitions split ranks, parents before their parts
 * @param defaultShapes elements by rank, where the text gives them
 * @param derivedShapes shapes that follow from others, as the text says it
 * @param tensors inputs and what Einsums produce
 * @param scalars numbers computed from shapes
 * @param functions functions of numbers, by name
 * @param empties explicit empty values
 * @param distributions what inputs are like, where the text says it
 * @param outputs names of tensors that go out, and where they are named
 * @param stops when iterations end early
 * @param assignments all Einsums
 */
record Scope(
    Map<RankName, Span> ranks,
    List<Partition> partitions,
    Map<RankName, Long> defaultShapes,
    Map<RankName, Term> derivedShapes,
    Map<String, Symbol> tensors,
    Map<String, Statement.Definition> scalars,
    Map<String, Statement.Function> functions,
    Map<String, Double> empties,
    Map<String, Term.Call> distributions,
    Map<String, Span> outputs,
    List<Statement.Stop> stops,
    List<Statement.Assignment> assignments) {

  Scope {
    ranks = new LinkedHashMap<>(ranks);
    partitions = List.copyOf(partitions);
    tensors = new LinkedHashMap<>(tensors);
    scalars = new LinkedHashMap<>(scalars);
    functions = new LinkedHashMap<>(functions);
    outputs = new LinkedHashMap<>(outputs);
    stops = List.copyOf(stops);
    assignments = List.copyOf(assignments);
  }

  Optional<Symbol> tensor(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  /** The tensor that a bare name stands for: one without ranks, as all others have brackets. */
  Optional<Symbol> bareTensor(String name) {
    return tensor(name).filter(Symbol::hasNoRanks);
  }

  /** The rank whose variable this is. */
  Optional<RankName> rankOfVariable(String name) {
    return Character.isLowerCase(name.charAt(0))
        ? Optional.of(RankName.ofVariable(name)).filter(ranks::containsKey)
        : Optional.empty();
  }

  /** The rank of this name, whose shape it stands for. */
  Optional<RankName> rankOfShape(String name) {
    return Character.isUpperCase(name.charAt(0))
        ? Optional.of(new RankName(name)).filter(ranks::containsKey)
        : Optional.empty();
  }

  Optional<Partition> partitionOf(RankName parent) {
    return partitions.stream().filter(split -> split.parent().equals(parent)).findFirst();
  }

  Optional<Partition> partitionInto(RankName outer, RankName inner) {
    return partitions.stream()
        .filter(split -> split.outer().equals(outer) && split.inner().equals(inner))
        .findFirst();
  }

  /** Ranks along which some tensor is iterative. */
  Set<RankName> iterativeRanks() {
    Set<RankName> iterative = new LinkedHashSet<>();
    tensors.values().forEach(tensor -> tensor.generations().ifPresent(iterative::add));
    return iterative;
  }

  /** All Einsums, and stops in their form. */
  Stream<Statement.Assignment> readers() {
    return Stream.concat(assignments.stream(), stops.stream().map(StopLowering::asEinsum));
  }

  /** Whether any Einsum or stop reads a tensor or scalar, in values, indices or conditions. */
  boolean isRead(String tensor) {
    return readers().anyMatch(assignment -> reads(assignment, tensor));
  }

  private boolean reads(Statement.Assignment assignment, String tensor) {
    return namesRead(assignment).anyMatch(tensor::equals);
  }

  /**
   * Names of tensors and scalars, and of whatever else stands without brackets, but no rank that a
   * tensor with ranks is called after.
   */
  Stream<String> namesRead(Statement.Assignment assignment) {
    return Terms.of(assignment)
        .flatMap(
            term ->
                switch (term) {
                  case Term.Access access -> Stream.of(access.tensor().text());
                  case Term.Name name when meansRank(name.text()) -> Stream.empty();
                  case Term.Name name -> Stream.of(name.text());
                  case Term.Numeral _, Term.Call _, Term.Prefix _, Term.Infix _, Term.Group _ ->
                      Stream.empty();
                });
  }

  private boolean meansRank(String name) {
    return bareTensor(name).isEmpty()
        && (rankOfShape(name).isPresent() || rankOfVariable(name).isPresent());
  }
}
