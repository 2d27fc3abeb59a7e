package dev.weir.mapper.model;

import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.program.Expressions;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.mapper.schedule.Size;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;

/**
 * What a plan leaves open, by position: the schedule's parameters, then the shapes of all ranks.
 * Shapes that the schedule binds, outer parts of partitioned ranks, and how many values a drawn
 * entry can have, follow from the others.
 */
final class ArgumentTable {

  private final List<String> parameters;
  private final List<RankName> ranks;
  private final Map<String, Integer> ofParameter = new HashMap<>();
  private final Map<RankName, Integer> ofRank = new HashMap<>();

  /** An outer part's shape is its parent's divided by the inner part's, rounded up. */
  private record Quotient(int outer, int parent, int inner) {}

  /** A shape that the schedule binds. */
  private record Binding(int rank, Amount amount) {}

  private final List<Binding> bindings = new ArrayList<>();
  private final List<Quotient> quotients = new ArrayList<>();
  private final List<Draws.Draw> draws;

  /**
   * @param known all ranks of the cascade; not modified
   * @param partitions parents before their parts
   * @param draws entries whose values are ranks too
   */
  ArgumentTable(
      Schedule schedule,
      NavigableSet<RankName> known,
      List<Partition> partitions,
      List<Draws.Draw> draws) {
    this.draws = draws;
    parameters = schedule.parameters().keySet().stream().sorted().toList();
    ranks = List.copyOf(known);
    parameters.forEach(name -> ofParameter.put(name, ofParameter.size()));
    ranks.forEach(rank -> ofRank.put(rank, parameters.size() + ofRank.size()));
    draws.forEach(draw -> ofRank.put(draw.rank(), parameters.size() + ofRank.size()));
    schedule
        .shapes()
        .forEach(
            (rank, size) -> {
              if (ofRank.containsKey(rank)) {
                bindings.add(new Binding(ofRank.get(rank), amount(size)));
              }
            });
    for (Partition split : partitions) {
      quotients.add(
          new Quotient(
              ofRank.get(split.outer()), ofRank.get(split.parent()), ofRank.get(split.inner())));
    }
  }

  int count() {
    return parameters.size() + ofRank.size();
  }

  /** Position of a parameter. */
  int of(String parameter) {
    Integer position = ofParameter.get(parameter);
    if (position == null) {
      throw new IllegalArgumentException("no parameter " + parameter);
    }
    return position;
  }

  /** Position of the shape of a rank. */
  int of(RankName rank) {
    Integer position = ofRank.get(rank);
    if (position == null) {
      throw new IllegalArgumentException("no rank " + rank);
    }
    return position;
  }

  /** The values that a problem has. */
  long[] values(Problem problem) {
    long[] values = new long[count()];
    for (String parameter : parameters) {
      values[of(parameter)] = problem.schedule().parameters().get(parameter);
    }
    for (RankName rank : ranks) {
      values[of(rank)] = problem.shapes().of(rank);
    }
    return values;
  }

  /** Entries whose values are ranks. */
  List<Draws.Draw> draws() {
    return draws;
  }

  /** A size over these arguments. */
  Amount amount(Size size) {
    return switch (size) {
      case Size.Constant constant -> new Amount(constant.value());
      case Size.Parameter parameter -> new Amount(1, of(parameter.name()));
      case Size.ShapeOf shape -> new Amount(1, of(shape.rank()));
      case Size.Product product -> amount(product.left()).times(amount(product.right()));
    };
  }

  /** All arguments as expressions over those that are given; drawn entries are none. */
  int[] expressions(Expressions expressions) {
    int[] values = new int[count()];
    for (int i = 0; i < values.length; i++) {
      values[i] = expressions.argument(i);
    }
    for (Binding binding : bindings) {
      values[binding.rank()] = binding.amount().expression(expressions, values);
    }
    for (Quotient quotient : quotients) {
      values[quotient.outer()] =
          expressions.ceiling(values[quotient.parent()], values[quotient.inner()]);
    }
    return values;
  }

  /** Fills in what follows from the other values. By position, as an iterator is an allocation. */
  void complete(long[] values) {
    for (int i = 0; i < bindings.size(); i++) {
      Binding binding = bindings.get(i);
      values[binding.rank()] = binding.amount().of(values);
    }
    for (int i = 0; i < quotients.size(); i++) {
      Quotient quotient = quotients.get(i);
      values[quotient.outer()] = Math.ceilDiv(values[quotient.parent()], values[quotient.inner()]);
    }
    for (int i = 0; i < draws.size(); i++) {
      Draws.Draw draw = draws.get(i);
      values[of(draw.rank())] = Draws.count(draw, rank -> values[of(rank)]);
    }
  }
}
