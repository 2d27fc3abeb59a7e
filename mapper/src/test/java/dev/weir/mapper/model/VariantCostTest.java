package dev.weir.mapper.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.ArchitectureReader;
import dev.weir.mapper.arch.OperationVariant;
import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.schedule.Judgement;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Problem;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Variants of operations that a schedule chooses, counted by hand. */
class VariantCostTest {

  private static final String MACHINE =
      """
      architecture: small
      clock: 1 GHz
      word: 32 bit
      memories:
        - {name: DRAM, energy: 1 pJ/word}
      units:
        - name: Core
          axes:
            lanes: {width: 2}
          operations:
            exp: {interval: 7 cycles, energy: 70 pJ}
            subtract: {interval: 1 cycle, energy: 1 pJ}
          variants:
            exp_polynomial: {of: exp, degree: 5, interval: 3 cycles, energy: 20 pJ}
            exp_table: {of: exp, interval: 2 cycles, energy: 10 pJ}
          reads: [DRAM]
          writes: [DRAM]
      """;

  private static final String CASCADE =
      """
      cascade c
        ranks P
        inputs A[P]
        X[p] = exp(A[p])
        Y[p] = exp(A[p])
        Z[p] = A[p] - 1
        outputs X, Y, Z
      """;

  private static Architecture machine() {
    Diagnostics diagnostics = new Diagnostics();
    Architecture machine =
        ArchitectureReader.read(new SourceFile("a.yaml", MACHINE), diagnostics).orElseThrow();
    assertThat(diagnostics.sorted()).isEmpty();
    return machine;
  }

  private static Problem problem(String x, String z) {
    return Problem.of(
        Examples.cascadeFrom(CASCADE),
        Examples.schedule(
                ("schedule s for c for p by 1 compute X on Core%s for p by 1 compute Y on Core"
                        + " for p by 1 compute Z on Core%s")
                    .formatted(x, z))
            .schedule(),
        machine(),
        Examples.shapes("P=10"));
  }

  @Test
  void variantsAreRead() {
    List<OperationVariant> variants = machine().unit(new UnitName("Core")).orElseThrow().variants();

    assertThat(variants)
        .extracting(OperationVariant::name)
        .hasToString("[exp_polynomial, exp_table]");
    assertThat(variants)
        .extracting(OperationVariant::degree)
        .containsExactly(OptionalInt.of(5), OptionalInt.empty());
  }

  @Test
  void aVariantHasItsOwnIntervalAndEnergyWhereItIsChosen() {
    Problem plain = problem("", "");
    Problem chosen = problem(" with exp_polynomial", "");

    assertThat(Legality.judge(chosen)).isEqualTo(new Judgement.Legal());
    Cost cost = CostModel.evaluate(chosen);
    assertThat(CostModel.evaluate(plain).latencyCycles()).isEqualTo(10 * (7 + 7 + 1));
    assertThat(cost.latencyCycles()).isEqualTo(10 * (3 + 7 + 1));
    assertThat(cost.counts()).isEqualTo(CostModel.evaluate(plain).counts());
    assertThat(cost.energy().picojoules())
        .containsEntry(new Energy.Use("Core", "exp_polynomial"), 200.0)
        .containsEntry(new Energy.Use("Core", "exp"), 700.0);
    assertThat(cost.utilisation().get(new UnitName("Core"))).isEqualTo(0.5);
    assertThat(Roofline.of(chosen, cost.counts()).unitCycles().get(new UnitName("Core")))
        .isEqualTo(10 * (3 + 7 + 1) / 2);
  }

  @Test
  void whatIsNoVariantHereIsRefused() {
    assertSentence(
        problem(" with exp_polynomal", ""),
        "unknown name: no variant of Core exp_polynomal (got exp_polynomal, expected one of"
            + " exp_polynomial, exp_table)",
        "write exp_polynomial, or leave out with exp_polynomal");
    assertSentence(
        problem("", " with exp_table"),
        "operation: Z needs no exp, of which exp_table is a variant",
        "leave out with exp_table");
    assertSentence(
        problem(" with exp_table, exp_polynomial", ""),
        "operation: exp_table and exp_polynomial are both variants of exp",
        "leave out exp_polynomial");
  }

  private static void assertSentence(Problem problem, String sentence, String fix) {
    assertThat(Legality.judge(problem))
        .isInstanceOfSatisfying(
            Judgement.Illegal.class,
            illegal ->
                assertThat(illegal.violations())
                    .singleElement()
                    .satisfies(
                        violation -> {
                          assertThat(violation.sentence()).isEqualTo(sentence);
                          assertThat(violation.fix()).contains(fix);
                        }));
  }
}
