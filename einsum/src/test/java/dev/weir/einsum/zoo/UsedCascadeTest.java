package dev.weir.einsum.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.check.CascadeWriter;
import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.ReferenceEvaluator;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A cascade that another one uses, under other names, computes what it computes alone. */
class UsedCascadeTest {

  private static final String OTHER = "Zz";

  static Stream<ZooReference> references() {
    return ZooReferences.ALL.stream();
  }

  @ParameterizedTest
  @MethodSource("references")
  void computesTheSameUnderOtherNames(ZooReference reference) {
    Cascade alone = CascadeReader.readFile(ZooTest.ZOO.resolve(reference.cascade() + ".edge"));
    Cascade used = read(user(alone));
    Cascade written = read(CascadeWriter.write(used));
    assertThat(written.einsums()).isEqualTo(used.einsums());
    Map<String, Long> workload = reference.workloads().getFirst();
    ZooInputs inputs = ZooInputs.of(alone, reference, workload, 3);
    Map<TensorName, DenseTensor> renamed = new HashMap<>();
    inputs.tensors().forEach((name, tensor) -> renamed.put(other(name), tensor));

    Map<TensorName, DenseTensor> expected =
        ReferenceEvaluator.evaluate(alone, inputs.shapes(), inputs.tensors());
    Map<TensorName, DenseTensor> actual =
        ReferenceEvaluator.evaluate(used, shapes(alone, used, inputs.shapes()), renamed);

    for (Tensor tensor : alone.tensors()) {
      TensorName there =
          tensor.role() == Tensor.Role.INTERMEDIATE
              ? new TensorName("part_" + tensor.name())
              : other(tensor.name());
      assertThat(actual.get(there).values())
          .as(reference.cascade() + " " + tensor.name())
          .containsExactly(expected.get(tensor.name()).values());
    }
  }

  private static Cascade read(String text) {
    Diagnostics diagnostics = new Diagnostics();
    return CascadeReader.read(new SourceFile(ZooTest.ZOO + "/user.edge", text), diagnostics)
        .orElseThrow(() -> new AssertionError(text + diagnostics.render()));
  }

  private static TensorName other(TensorName tensor) {
    return new TensorName(OTHER + tensor);
  }

  private static Shapes shapes(Cascade alone, Cascade used, Shapes shapes) {
    Map<RankName, Long> given = new HashMap<>();
    Map<String, RankName> ranks = new HashMap<>();
    used.ranks().forEach(rank -> ranks.put(rank.text(), rank));
    for (RankName rank : alone.ranks()) {
      if (!alone.derivedShapes().containsKey(rank)) {
        given.put(ranks.getOrDefault(OTHER + rank, rank), shapes.of(rank));
      }
    }
    alone.partitions().forEach(split -> given.remove(split.outer()));
    return used.shapes(given);
  }

  /** A cascade that gives another name to all that can have one. */
  private static String user(Cascade alone) {
    List<String> ranks = new ArrayList<>();
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    List<String> bindings = new ArrayList<>();
    for (Tensor tensor : alone.tensors()) {
      if (tensor.role() == Tensor.Role.INPUT) {
        List<String> own = tensor.ranks().stream().map(rank -> rank(rank, alone)).toList();
        inputs.add(
            OTHER + tensor.name() + (own.isEmpty() ? "" : "[" + String.join(",", own) + "]"));
      } else if (tensor.role() == Tensor.Role.OUTPUT) {
        outputs.add(OTHER + tensor.name());
      }
      if (tensor.role() != Tensor.Role.INTERMEDIATE) {
        bindings.add(tensor.name() + " = " + OTHER + tensor.name());
      }
    }
    for (RankName rank : new TreeSet<>(alone.ranks())) {
      if (!isPart(rank, alone)) {
        ranks.add(rank(rank, alone));
        if (!rank(rank, alone).equals(rank.text())) {
          bindings.add(rank + " = " + rank(rank, alone));
        }
      }
    }
    return """
    cascade user
      ranks %s
      inputs %s
      use %s as part with %s
      outputs %s
    """
        .formatted(
            String.join(", ", ranks),
            String.join(", ", inputs),
            alone.name(),
            String.join(", ", bindings),
            String.join(", ", outputs));
  }

  /** A rank that is called like an input or output keeps its name: the tensor is meant. */
  private static String rank(RankName rank, Cascade alone) {
    boolean isTensor =
        alone.tensors().stream()
            .anyMatch(
                tensor ->
                    tensor.role() != Tensor.Role.INTERMEDIATE
                        && tensor.name().text().equals(rank.text()));
    return isTensor || isPart(rank, alone) ? rank.text() : OTHER + rank;
  }

  private static boolean isPart(RankName rank, Cascade alone) {
    return alone.partitions().stream()
        .anyMatch(split -> split.outer().equals(rank) || split.inner().equals(rank));
  }
}
