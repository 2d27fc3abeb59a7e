package dev.weir.einsum.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SoftmaxTest {

  private static final Offset<Double> ROUNDING = Offset.offset(1e-15);

  @Test
  void weightsOfLogarithmsAreTheirNumbersInProportion() {
    double[] scores = {Math.log(1), Math.log(2), Math.log(5)};
    assertThat(Softmax.of(scores)).containsExactly(new double[] {0.125, 0.25, 0.625}, ROUNDING);
  }

  @Test
  void maskedScoresWeighNothing() {
    double masked = Double.NEGATIVE_INFINITY;
    assertThat(Softmax.of(new double[] {masked, 3, masked, 3})).containsExactly(0, 0.5, 0, 0.5);
    assertThat(Softmax.of(new double[] {masked, masked})).containsOnly(0);
  }

  @Test
  void largeScoresDoNotOverflow() {
    double[] scores = new double[4];
    Arrays.fill(scores, 1e4);
    assertThat(Softmax.of(scores)).containsOnly(0.25);
  }
}
