package dev.weir.einsum.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OperationsTest {

  /** FuseMax, Cascade 5: what each Einsum asks for, per the table of its accelerator model. */
  @Test
  void cascade5AsksForWhatFuseMaxCharges() {
    Cascade cascade = FuseMaxCascades.cascade5();

    assertThat(cascade.einsums().stream().map(einsum -> text(einsum, cascade)))
        .containsExactly(
            "RM:",
            "RD:",
            "RNV:",
            "BQK: mac 1",
            "LM: max 1",
            "RM: max 1",
            "SLN: exp 1",
            "SLD: add 1",
            "SLNV: mac 1",
            "PRM: exp 1",
            "SPD: multiply 1",
            "RD: add 1",
            "SPNV: multiply 1",
            "RNV: add 1",
            "AV: divide 1");
  }

  @Test
  void aConstantFactorIsFreeOnlyWhereAnInputCanCarryIt() {
    assertThat(of("Z[m] = scale * A[m]")).isEqualTo("Z:");
    assertThat(of("Z[m] = A[m] / scale")).isEqualTo("Z:");
    assertThat(of("Z[m] = scale * X[m]")).isEqualTo("Z: multiply 1");
    assertThat(of("Z[m] = X[m] / scale")).isEqualTo("Z: divide 1");
    assertThat(of("Z[m] = X[m] * (2 * A[m]) * M")).isEqualTo("Z: multiply 1");
    assertThat(of("Z[m] = exp(2 * A[m] - X[m])")).isEqualTo("Z: exp 1");
    assertThat(of("Z[m] = exp(2 * X[m] - A[m])")).isEqualTo("Z: multiply 1, exp 1");
    assertThat(of("Z[m] = c[] * A[m]")).isEqualTo("Z:");
    assertThat(of("Z[m] = y[] * A[m]")).isEqualTo("Z: multiply 1");
  }

  /** An input has one factor when it is packed, whoever reads it. */
  @Test
  void anInputCarriesAFactorOnlyIfAllItsReadsStandBesideIt() {
    assertThat(all("Z[m] = 2 * A[m]", "X[m] = 2 * A[m] * B[m]"))
        .containsExactly("Z:", "X: multiply 1");
    assertThat(all("Z[m] = 2 * A[m]", "X[m] = 3 * A[m]"))
        .containsExactly("Z: multiply 1", "X: multiply 1");
    assertThat(all("Z[m] = 2 * A[m]", "X[m] = A[m] / 2"))
        .containsExactly("Z: multiply 1", "X: divide 1");
    assertThat(all("Z[m] = 2 * A[m]", "X[m] = exp(A[m])"))
        .containsExactly("Z: multiply 1", "X: exp 1");
    assertThat(all("y[] = 2 * A[m] * A[m]")).containsExactly("y: mac 1, multiply 1");
    assertThat(all("Z[m] = 2 * A[m] + A[m]")).containsExactly("Z: multiply 1, add 1");
    // A cannot carry the factor, B can; and then B carries it everywhere.
    assertThat(all("Z[m] = 2 * A[m] * B[m]", "X[m] = A[m] * X[m]"))
        .containsExactly("Z: multiply 1", "X: multiply 1");
    assertThat(all("Z[m] = 2 * A[m] * B[m]", "X[m] = 2 * B[m]"))
        .containsExactly("Z: multiply 1", "X: multiply 1");
    assertThat(all("Z[m] = A[m] | A[m] < 2", "X[m] = 2 * A[m]"))
        .containsExactly("Z:", "X: multiply 1");
  }

  private static List<String> all(String... einsums) {
    CascadeBuilder builder =
        CascadeBuilder.cascade("several")
            .inputs("A[M]", "B[M]")
            .tensors(0, "X[M]", "y[]")
            .outputs("Z[M]");
    Arrays.stream(einsums).forEach(builder::einsum);
    Cascade cascade = builder.build();
    return cascade.einsums().stream().map(einsum -> text(einsum, cascade)).toList();
  }

  @Test
  void reductionsCountOncePerPoint() {
    assertThat(of("y[] = A[m]")).isEqualTo("y: add 1");
    assertThat(of("y[] = 2 * A[m]")).isEqualTo("y: add 1");
    assertThat(of("y[] = 2 * X[m]")).isEqualTo("y: mac 1");
    assertThat(of("y[] = A[m] * X[m] * X[m]")).isEqualTo("y: mac 1, multiply 1");
    assertThat(of("y[] = A[m] * X[m] :: max")).isEqualTo("y: multiply 1, max 1");
    assertThat(of("y[] = A[m] :: *")).isEqualTo("y: multiply 1");
    assertThat(of("y[] = A[m] :: min")).isEqualTo("y: min 1");
    assertThat(of("y[] = exp(X[m] - y[])")).isEqualTo("y: add 1, exp 1");
    assertThat(of("y[] = A[m] * X[m] + X[m]")).isEqualTo("y: multiply 1, add 2");
    assertThat(of("y[] = 2 * 3 | m < 3")).isEqualTo("y: add 1");
  }

  @Test
  void everyOtherOperatorCountsOnce() {
    assertThat(of("Z[m] = sqrt(X[m]) + tanh(X[m]) - sigmoid(X[m])"))
        .isEqualTo("Z: add 1, subtract 1, sqrt 1, sigmoid 1, tanh 1");
    assertThat(of("Z[m] = min(relu(X[m]), abs(X[m])) ^ log(-X[m])"))
        .isEqualTo("Z: min 1, power 1, negate 1, log 1, relu 1, abs 1");
    assertThat(of("Z[m] = exp(X[m])")).isEqualTo("Z: exp 1");
    assertThat(of("Z[m] = where(m < 2, X[m] + X[m], X[m] * X[m] * y[])"))
        .isEqualTo("Z: multiply 2, add 1");
    assertThat(of("Z[m] = X[m]")).isEqualTo("Z:");
  }

  @Test
  void everyKindIsFoundByItsName() {
    assertThat(Arrays.stream(OperationKind.values()).map(kind -> OperationKind.named(kind.text())))
        .containsExactlyElementsOf(
            Arrays.stream(OperationKind.values()).map(Optional::of).toList());
    assertThat(OperationKind.named("fma")).isEmpty();
  }

  private static String of(String einsum) {
    Cascade cascade =
        CascadeBuilder.cascade("one")
            .inputs("A[M]", "c[]")
            .tensors(0, "X[M]", "y[]")
            .outputs("Z[M]")
            .scalar("scale", "M ^ -0.5")
            .einsum(einsum)
            .build();
    return text(cascade.einsums().getFirst(), cascade);
  }

  private static String text(Einsum einsum, Cascade cascade) {
    List<String> parts =
        new TreeMap<>(Operations.perPoint(einsum, cascade))
            .entrySet().stream()
                .map(entry -> entry.getKey().text() + " " + entry.getValue())
                .collect(Collectors.toList());
    String joined = String.join(", ", parts);
    return einsum.output().tensor() + ":" + (joined.isEmpty() ? "" : " " + joined);
  }
}
