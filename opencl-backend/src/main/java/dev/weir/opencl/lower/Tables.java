package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Distribution;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which inputs hold whole numbers: those that indices read, and those that conditions compare with
 * nothing but whole numbers, as lengths are. What is compared with a computed value or with a
 * number that is not whole is a threshold, which is real, as is an input that the cascade says is.
 */
final class Tables {

  private final Cascade cascade;
  private final Map<TensorName, Tensor> tensors;
  private final Set<TensorName> whole = new HashSet<>();

  private Tables(Cascade cascade) {
    this.cascade = cascade;
    this.tensors = cascade.tensorsByName();
  }

  /** Those of a cascade. */
  static Set<TensorName> of(Cascade cascade) {
    Tables tables = new Tables(cascade);
    cascade.einsums().forEach(tables::find);
    Set<TensorName> values =
        cascade.einsums().stream()
            .flatMap(einsum -> einsum.value().reads())
            .map(Access::tensor)
            .collect(Collectors.toSet());
    return tables.whole.stream()
        .filter(name -> tables.isInput(name) && !values.contains(name) && !tables.isSaidReal(name))
        .collect(Collectors.toUnmodifiableSet());
  }

  private void find(Einsum einsum) {
    Stream.concat(
            einsum.value().reads().flatMap(Facts::indexReads), Facts.positions(einsum.value()))
        .map(Access::tensor)
        .forEach(whole::add);
    Facts.conditions(einsum).forEach(this::find);
  }

  private void find(Condition condition) {
    switch (condition) {
      case Condition.Compare compare -> {
        Stream.concat(compare.left().indices(), compare.right().indices())
            .flatMap(Facts::reads)
            .flatMap(Facts::indexReads)
            .map(Access::tensor)
            .forEach(whole::add);
        if (!isReal(compare.left()) && !isReal(compare.right())) {
          Stream.concat(compared(compare.left()), compared(compare.right())).forEach(whole::add);
        }
      }
      case Condition.All all -> all.parts().forEach(this::find);
      case Condition.Any any -> any.parts().forEach(this::find);
      case Condition.Not not -> find(not.part());
    }
  }

  private boolean isReal(Quantity quantity) {
    return switch (quantity) {
      case Quantity.OfNumber _, Quantity.OfScalar _ -> true;
      case Quantity.Combined c -> isReal(c.left()) || isReal(c.right());
      case Quantity.OfIndex _, Quantity.OfShape _ ->
          compared(quantity).anyMatch(name -> !isInput(name) || isSaidReal(name));
    };
  }

  private static Stream<TensorName> compared(Quantity quantity) {
    return quantity
        .indices()
        .flatMap(
            index ->
                index instanceof Index.Gathered gathered
                    ? Stream.of(gathered.access().tensor())
                    : Stream.empty());
  }

  private boolean isInput(TensorName name) {
    return tensors.get(name).role() == Tensor.Role.INPUT;
  }

  private boolean isSaidReal(TensorName name) {
    return Optional.ofNullable(cascade.distributions().get(name))
        .filter(said -> said instanceof Distribution.Uniform || said instanceof Distribution.Normal)
        .isPresent();
  }
}
