package dev.weir.mapper.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.InputData;
import dev.weir.einsum.eval.ReferenceEvaluator;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.ArchitectureReader;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.interpret.Interpretation;
import dev.weir.mapper.interpret.ScheduleInterpreter;
import dev.weir.mapper.schedule.CascadeFacts;
import dev.weir.mapper.schedule.Judgement;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Problem;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Cascades of the zoo on a processor, each Einsum in loops of its own and all intermediates in
 * global memory, with inputs that are drawn from what the cascade says of them.
 */
class ZooScheduleTest {

  private static final Path DEVICE = Path.of("../configs/devices/pocl-cpu.yaml");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          attention_calibration | UpperBound | H=1 P=5 M=5 E=2 F=2
          dhsa | UpperBound | H=1 P=8 M=8 C=3 Bq=2 T=3 Local=2 E=2 F=2
          flex_prefill | UpperBound | H=1 P=6 M=6 B=2 E=2 F=2
          halo_attention | Exact | H=1 Yb=2 Xb=1 I=2 J=2 O=1 E=2 F=2
          heterogeneous_spans | Expected | H=2 P=7 M=7 E=2 F=2 BS=2
          hip_attention | UpperBound | P=7 M=7 Bq=4 Bk=2 W=2 I=1 Win=2 E=2 F=2
          hyper_attention | UpperBound | H=1 P=6 M=6 Bs=2 T=2 Kb=2 Nb=4 E=2 F=2
          landmark_attention | Exact | H=1 P=5 R=3 E=2 F=2
          latte_graph | Expected | R=2 N=4 D=5 H=1 K=2
          lightning_attention | Exact | H=1 L=7 J=3 I=3 E=2 F=2
          mixture_of_heads | UpperBound | H=4 Hk=2 Hs=1 T=1 P=4 M=4 E=2 F=2 D=2
          mla | Exact | H=1 P=3 M=4 N=2 X=2 R=2 F=2
          neighborhood_2d | UpperBound | H=1 Y=4 X=5 U=3 V=3 E=2 F=2 DY=1 DX=1
          rcmha | Exact | H=1 P=4 M=6 E=2 W=3 T=12 MEM=2 P0=6
          routing_attention | UpperBound | H=1 P=4 M=4 C=2 T=2 U=2 N=1 E=2 F=2
          sigmoid_attention | Exact | H=1 P=4 M=4 E=2 F=2
          streaming_llm | UpperBound | H=1 N=9 SK=1 W=3 E2=2 F=2
          titans_memory | Exact | T=3 E=2 F=2
          tpla | Exact | H=1 P=2 M=4 N=2 X=2 G=2 R=2 F=2
          transformer_layer | UpperBound | B=1 P=3 D=2 H=1 E=2 F=2 N=2
          """)
  void isComputedAndCounted(String name, String accuracy, String shapes) {
    Cascade cascade = Examples.cascade("zoo/" + name);
    Problem problem =
        Problem.of(
            cascade,
            Examples.schedule(plain(cascade)).schedule(),
            ArchitectureReader.readFile(DEVICE),
            Examples.shapes(shapes));
    assertThat(Legality.judge(problem)).isEqualTo(new Judgement.Legal());
    Map<TensorName, DenseTensor> inputs =
        InputData.of(cascade, problem.shapes(), InputData.Kind.RANDOM, 7, Map.of());
    Interpretation run = ScheduleInterpreter.run(problem, inputs);
    Map<TensorName, DenseTensor> expected =
        ReferenceEvaluator.evaluate(cascade, problem.shapes(), inputs);
    for (Tensor tensor : cascade.tensors()) {
      assertThat(run.tensors().get(tensor.name()).values())
          .as(tensor.name().text())
          .containsExactly(expected.get(tensor.name()).values(), Offset.offset(1e-9));
    }
    Cost cost = CostModel.evaluate(problem);
    assertThat(cost.accuracy().getClass().getSimpleName()).isEqualTo(accuracy);
    switch (cost.accuracy()) {
      case Accuracy.Exact _ -> assertThat(cost.counts()).isEqualTo(run.counts());
      case Accuracy.UpperBound _ ->
          run.counts()
              .trafficWords()
              .forEach(
                  (traffic, words) ->
                      assertThat(words)
                          .as("%s", traffic)
                          .isLessThanOrEqualTo(cost.counts().trafficWords().get(traffic)));
      case Accuracy.Expected _ ->
          assertThat(cost.counts().peakOccupancyWords())
              .isEqualTo(run.counts().peakOccupancyWords());
    }
  }

  /** All Einsums in order; those of an iteration together in it. */
  private static String plain(Cascade cascade) {
    CascadeFacts facts = new CascadeFacts(cascade);
    StringBuilder text = new StringBuilder("schedule plain for " + cascade.name() + "\n{\n");
    Optional<RankName> open = Optional.empty();
    String kept =
        facts.placed().stream()
            .map(einsum -> einsum.output().tensor())
            .filter(tensor -> !facts.livesAtTop(tensor) && facts.generations(tensor).isEmpty())
            .map(TensorName::text)
            .collect(Collectors.joining(", "));
    if (!kept.isEmpty()) {
      text.append("keep ").append(kept).append(" at Global\n");
    }
    for (Einsum einsum : facts.placed()) {
      Optional<RankName> iterated =
          cascade.iterativeRanks().stream().filter(facts.space(einsum)::contains).findFirst();
      if (!iterated.equals(open)) {
        text.append(open.isPresent() ? "}\n" : "");
        iterated.ifPresent(rank -> text.append(states(facts, rank)));
        open = iterated;
      }
      text.append(nest(cascade, facts, einsum, iterated));
    }
    return text.append(open.isPresent() ? "}\n" : "").append("}\n").toString();
  }

  private static String states(CascadeFacts facts, RankName iterated) {
    List<String> states =
        facts.placed().stream()
            .map(einsum -> einsum.output().tensor())
            .filter(tensor -> facts.generations(tensor).filter(iterated::equals).isPresent())
            .map(TensorName::text)
            .toList();
    return "keep %s at Global\niterate %s {\n"
        .formatted(String.join(", ", states), iterated.variable());
  }

  private static String nest(
      Cascade cascade, CascadeFacts facts, Einsum einsum, Optional<RankName> iterated) {
    List<RankName> ranks =
        facts.space(einsum).stream()
            .filter(rank -> iterated.filter(rank::equals).isEmpty())
            .sorted(
                Comparator.comparing(
                    rank ->
                        cascade.partitions().stream()
                            .anyMatch(split -> split.inner().equals(rank))))
            .toList();
    return ranks.stream()
            .map(rank -> "for " + rank.variable() + " by 1 ")
            .collect(Collectors.joining())
        + "compute "
        + einsum.output().tensor()
        + " on Core\n";
  }
}
