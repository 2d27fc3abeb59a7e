package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Monoid;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Cascades of tests in short form: {@code .einsum("QK[m,p] = scale * Q[p,e] * K[m,e] | m <= p")},
 * {@code .einsum("GM[p] = QK[m,p] :: max")}. Tensors are declared first.
 */
public final class CascadeBuilder {

  private final String name;
  private final List<Partition> partitions = new ArrayList<>();
  private final Map<TensorName, Tensor> tensors = new LinkedHashMap<>();
  private final Map<TensorName, Expression> scalars = new HashMap<>();
  private final List<Einsum> einsums = new ArrayList<>();

  private CascadeBuilder(String name) {
    this.name = name;
  }

  /** An empty cascade. */
  public static CascadeBuilder cascade(String name) {
    return new CascadeBuilder(name);
  }

  /** Splits a rank. */
  public CascadeBuilder partition(String parent, String outer, String inner) {
    partitions.add(new Partition(new RankName(parent), new RankName(outer), new RankName(inner)));
    return this;
  }

  /** Inputs with empty value 0, each written as {@code Q[P,E]}. */
  public CascadeBuilder inputs(String... declarations) {
    return declare(Tensor.Role.INPUT, 0, "", declarations);
  }

  /** An integer table: nothing in it is absent. */
  public CascadeBuilder table(String declaration) {
    return declare(Tensor.Role.INPUT, Double.NaN, "", declaration);
  }

  /** Outputs with empty value 0. */
  public CascadeBuilder outputs(String... declarations) {
    return declare(Tensor.Role.OUTPUT, 0, "", declarations);
  }

  /** Intermediate tensors. */
  public CascadeBuilder tensors(double empty, String... declarations) {
    return declare(Tensor.Role.INTERMEDIATE, empty, "", declarations);
  }

  /** Intermediate tensors that are iterative along one of their ranks. */
  public CascadeBuilder iterative(String rank, double empty, String... declarations) {
    return declare(Tensor.Role.INTERMEDIATE, empty, rank, declarations);
  }

  private CascadeBuilder declare(
      Tensor.Role role, double empty, String generations, String... declarations) {
    for (String declaration : declarations) {
      String[] parts = declaration.replace("]", "").split("\\[", 2);
      List<RankName> ranks =
          Arrays.stream(parts[1].split(","))
              .filter(text -> !text.isEmpty())
              .map(RankName::new)
              .toList();
      Optional<RankName> iterated =
          generations.isEmpty() ? Optional.empty() : Optional.of(new RankName(generations));
      TensorName tensor = new TensorName(parts[0]);
      tensors.put(tensor, new Tensor(tensor, role, ranks, iterated, empty));
    }
    return this;
  }

  /** A number computed from shapes. */
  public CascadeBuilder scalar(String scalar, String value) {
    scalars.put(new TensorName(scalar), parser(value, Optional.empty()).expression());
    return this;
  }

  /** {@code Z[m] = value :: reduction | condition}; the reduction is a sum unless it says. */
  public CascadeBuilder einsum(String text) {
    String[] sides = text.split(" = ", 2);
    String[] conditional = sides[1].split(" \\| ", 2);
    String[] reduced = conditional[0].split(" :: ", 2);
    Optional<Tensor> target =
        Optional.of(tensors.get(new TensorName(sides[0].replaceAll("\\[.*", ""))));
    Access output = parser(sides[0], target).access();
    Monoid reduction =
        Arrays.stream(Monoid.values())
            .filter(monoid -> monoid.text().equals(reduced.length > 1 ? reduced[1].trim() : "+"))
            .findFirst()
            .orElseThrow();
    Optional<Condition> condition =
        conditional.length > 1
            ? Optional.of(parser(conditional[1], Optional.empty()).condition())
            : Optional.empty();
    einsums.add(
        new Einsum(
            output, parser(reduced[0], Optional.empty()).expression(), reduction, condition));
    return this;
  }

  /** The cascade. */
  public Cascade build() {
    return new Cascade(name, partitions, new ArrayList<>(tensors.values()), scalars, einsums);
  }

  /** Shapes such as {@code "M=13 M0=4 P=5"}, completed by the partitions of a cascade. */
  public static Shapes shapes(Cascade cascade, String text) {
    Map<RankName, Long> given = new HashMap<>();
    for (String part : text.trim().split("\\s+", -1)) {
      String[] sides = part.split("=", 2);
      given.put(new RankName(sides[0]), Long.valueOf(sides[1]));
    }
    return Shapes.complete(given, cascade.partitions());
  }

  private EinsumText parser(String text, Optional<Tensor> target) {
    return new EinsumText(text, partitions, tensors, scalars.keySet(), target);
  }
}
