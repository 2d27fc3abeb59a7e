package dev.weir.einsum.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is counted, against a run of every point. */
class PointCountTest {

  /** How many of the compared numbers were exact though points or elements are absent. */
  private int exactParts;

  private int bounds;

  @Test
  void randomConditionsHoldAsOftenAsTrying() {
    long seed = new Random().nextLong();
    Random shapes = new Random(seed);
    for (int draw = 0; draw < 2000; draw++) {
      String condition = RandomWindows.condition(seed + draw);
      String text =
          "cascade one\n  ranks M, P, W\n  inputs A[M,P,W]\n  Z[m,p,w] = A[m,p,w] | %s\n  outputs Z\n"
              .formatted(condition);
      Cascade cascade = read(text);
      Shapes chosen =
          CascadeBuilder.shapes(
              cascade,
              "M=%d P=%d W=%d"
                  .formatted(
                      1 + shapes.nextInt(14), 1 + shapes.nextInt(14), 1 + shapes.nextInt(5)));
      PointCount count = PointCount.of(cascade.einsums().getFirst(), cascade, chosen);
      long tried = new PlainPoints(cascade, chosen, seed).iterated.getFirst();
      assertThat(count.points()).as("seed %d, %s, %s", seed + draw, condition, chosen).isEqualTo(tried);
      assertThat(count.whyUpperBound()).as(condition).isEmpty();
    }
  }

  @Test
  void randomCascadesDoWhatIsCounted() {
    long seed = new Random().nextLong();
    Random shapes = new Random(seed);
    for (int draw = 0; draw < 600; draw++) {
      RandomWindows.Drawn drawn = RandomWindows.draw(seed + draw);
      String chosen =
          "M=%d P=%d W=%d"
              .formatted(1 + shapes.nextInt(6), 1 + shapes.nextInt(6), 1 + shapes.nextInt(3));
      compare(drawn.cascade(), chosen, "seed %d, %s%n%s".formatted(seed + draw, chosen, drawn.text()));
    }
    assertThat(exactParts).as("seed %d", seed).isGreaterThan(600);
    assertThat(bounds).as("seed %d", seed).isGreaterThan(200);
  }

  @Test
  void cascadesWithTablesSelectionsAndRecurrencesDoNoMoreThanIsCounted() {
    long seed = new Random().nextInt(1 << 30);
    for (int draw = 0; draw < 300; draw++) {
      IrregularCascades.Drawn drawn = IrregularCascades.draw(seed + draw);
      compare(
          drawn.cascade(),
          "M=5 P=3 T=2 N=4 M0=2",
          "seed %d%n%s".formatted(seed + draw, drawn.text()));
      Cascade cascade = RandomCascades.conditional(seed + draw);
      compare(cascade, "M=5 P=3 F=2 M0=2", "RandomCascades.conditional(%d)".formatted(seed + draw));
    }
    assertThat(exactParts).as("seed %d", seed).isGreaterThan(100);
  }

  private void compare(Cascade cascade, String text, String what) {
    Shapes shapes = CascadeBuilder.shapes(cascade, text);
    PlainPoints plain = new PlainPoints(cascade, shapes, 1);
    OperationCount operations = OperationCount.of(cascade, shapes);
    for (int at = 0; at < cascade.einsums().size(); at++) {
      OperationCount.OfEinsum einsum = operations.einsums().get(at);
      long done = plain.computed.get(at);
      boolean isPart = done < PointCount.of(cascade.einsums().get(at), cascade, shapes).points();
      compare(
          einsum.points().points(),
          einsum.points().whyUpperBound().isPresent(),
          done,
          isPart,
          einsum.einsum() + ", " + what);
      if (einsum.points().whyUpperBound().isEmpty()) {
        assertThat(plain.complete.get(at)).as("%s, %s", einsum.einsum(), what).isEqualTo(done);
      }
    }
    for (CompulsoryTraffic.OfTensor tensor : CompulsoryTraffic.of(cascade, shapes).tensors()) {
      Tensor declared = cascade.tensorsByName().get(tensor.tensor());
      if (tensor.role() != Tensor.Role.INTERMEDIATE) {
        long moved =
            tensor.role() == Tensor.Role.INPUT
                ? plain.read(tensor.tensor())
                : plain.written(declared);
        boolean isPart = moved < TensorWords.of(declared, cascade.partitions(), shapes);
        compare(tensor.words(), tensor.isUpperBound(), moved, isPart, tensor.tensor() + ", " + what);
      }
    }
  }

  private void compare(long counted, boolean isBound, long done, boolean isPart, String what) {
    if (isBound) {
      bounds++;
      assertThat(counted).as(what).isGreaterThanOrEqualTo(done);
    } else {
      exactParts += isPart ? 1 : 0;
      assertThat(counted).as(what).isEqualTo(done);
    }
  }

  private static Cascade read(String text) {
    Diagnostics diagnostics = new Diagnostics();
    return CascadeReader.read(new SourceFile("one", text), diagnostics)
        .orElseThrow(() -> new AssertionError(text + diagnostics.render()));
  }
}
