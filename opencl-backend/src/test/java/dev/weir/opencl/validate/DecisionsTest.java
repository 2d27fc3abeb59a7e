package dev.weir.opencl.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.example.Problems;
import dev.weir.opencl.example.Tools;
import dev.weir.opencl.runtime.DeviceSession;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DecisionsTest {

  private static final Problem SEARCH =
      Problems.plainShipped(
          "zoo/hip_attention", "pocl-cpu", "P=16 M=16 Bq=4 Bk=2 W=2 I=2 Win=2 E=3 F=3");
  private static final Cascade CASCADE = SEARCH.cascade();
  private static final Set<TensorName> DECIDING = Decisions.of(CASCADE);

  private static Set<TensorName> names(String... names) {
    return Stream.of(names).map(TensorName::new).collect(Collectors.toSet());
  }

  /** Branches follow from the order of scores, and places from branches; scores are rounded. */
  @Test
  void whatFollowsWithoutRoundingNeedNotBeSeen() {
    assertThat(DECIDING)
        .containsExactlyInAnyOrderElementsOf(names("Ce", "Cs", "En", "J", "L", "R", "St"));
    assertThat(Decisions.hidden(CASCADE, DECIDING, names("R", "L"))).isEmpty();
    assertThat(Decisions.hidden(CASCADE, DECIDING, names("R", "L", "J"))).isEmpty();
    assertThat(Decisions.hidden(CASCADE, DECIDING, names("Cs", "J", "St", "L")))
        .contains(new TensorName("R"));
    assertThat(Decisions.hidden(CASCADE, DECIDING, Set.of())).isPresent();
  }

  @Test
  void stateIsNotSeen() {
    assertThat(Decisions.seen(CASCADE, DECIDING, names("R", "St", "Q"))).isEqualTo(names("R"));
  }

  @Test
  void decisionsInsideAKernelAreChecked() {
    ValidationOptions options = new ValidationOptions(InputCase.finite(), false, 4, 0, 1);
    try (DeviceSession session = DeviceSession.open()) {
      ValidationReport right =
          KernelValidator.validate(SEARCH, session, Tools.processor(session), options);
      // A branch is cut at a third.
      ValidationReport wrong =
          KernelValidator.validate(
              SEARCH,
              session,
              Tools.processor(session),
              options,
              Planted.inText(source -> source.replace("/ 2", "/ 3")));

      assertThat(comparisons(right)).isNotEmpty().allMatch(Comparison::passed);
      assertThat(comparisons(right)).extracting(Comparison::output).contains(new TensorName("R"));
      assertThat(comparisons(wrong)).anyMatch(comparison -> !comparison.passed());
    }
  }

  private static List<Comparison> comparisons(ValidationReport report) {
    return ((ValidationReport.Checked) report).comparisons();
  }
}
