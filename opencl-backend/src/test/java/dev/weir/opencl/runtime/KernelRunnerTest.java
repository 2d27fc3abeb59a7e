package dev.weir.opencl.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.opencl.emit.OpenClPrinter;
import dev.weir.opencl.example.Tools;
import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.KernelBuffer;
import dev.weir.opencl.kernel.Type;
import org.junit.jupiter.api.Test;

class KernelRunnerTest {

  @Test
  void runsAndTimes() {
    Build build = KernelRunner.build(Tools.localProcessor(), Sums.program(3));

    assertThat(build)
        .isInstanceOfSatisfying(
            Build.Ready.class,
            ready -> {
              try (KernelRunner runner = ready.runner()) {
                runner.write(Sums.A, new double[] {1, 2, 3});
                runner.write(Sums.B, new double[] {10, 20, 30});
                RunTimes times = runner.run(3);
                assertThat(runner.read(Sums.C)).containsExactly(11, 22, 33);
                assertThat(times.runs()).isEqualTo(3);
                assertThat(times.medianMilliseconds())
                    .isGreaterThanOrEqualTo(times.minimumMilliseconds())
                    .isPositive();
              }
            });
  }

  @Test
  void infinityThatMeansAbsentIsRefusedAndOthersAreNot() {
    Build.Ready ready = (Build.Ready) KernelRunner.build(Tools.localProcessor(), Sums.program(3));
    DenseTensor absent = new DenseTensor(new long[] {3}, Double.NEGATIVE_INFINITY);
    DenseTensor present = new DenseTensor(new long[] {3}, 0);
    present.set(Double.NEGATIVE_INFINITY, 0);
    present.set(Double.NaN, 1);
    try (KernelRunner runner = ready.runner()) {
      assertThatThrownBy(() -> runner.write(Sums.A, absent))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "A holds -Infinity, its empty value; kernels take every element of an input whose"
                  + " empty value is infinite for present: put a finite value there, or give A a"
                  + " finite empty value");
      runner.write(Sums.A, present);
      runner.write(Sums.B, new double[] {1, 1, 1});
      runner.launch();
      assertThat(runner.read(Sums.C)).containsExactly(Float.NEGATIVE_INFINITY, Float.NaN, 1);
    }
  }

  @Test
  void elementThatNoKernelWritesIsNotANumber() {
    String source = OpenClPrinter.print(Sums.program(3)).replace("i < 3", "i < 2");

    assertThat(KernelRunner.build(Tools.localProcessor(), Sums.program(3), source))
        .isInstanceOfSatisfying(
            Build.Ready.class,
            ready -> {
              try (KernelRunner runner = ready.runner()) {
                runner.write(Sums.A, new double[] {1, 2, 3});
                runner.write(Sums.B, new double[] {10, 20, 30});
                runner.launch();
                assertThat(runner.read(Sums.C)).containsExactly(11, 22, Float.NaN);
              }
            });
  }

  @Test
  void compilerLogStandsBesideTheSource() {
    String source = OpenClPrinter.print(Sums.program(3)).replace("v_A + v_B", "v_A + nonsense");

    assertThat(KernelRunner.build(Tools.localProcessor(), Sums.program(3), source))
        .isInstanceOfSatisfying(
            Build.Failed.class,
            failed -> {
              assertThat(failed.reason()).startsWith("the kernel does not build");
              assertThat(failed.log()).anyMatch(line -> line.contains("nonsense"));
              assertThat(failed.log())
                  .anyMatch(line -> line.matches("  \\d+ \\| C\\[.*\\] = v_A \\+ nonsense;"));
            });
  }

  @Test
  void wrongInputIsRefused() {
    assertThat(KernelRunner.build(Tools.localProcessor(), Sums.program(2)))
        .isInstanceOfSatisfying(
            Build.Ready.class,
            ready -> {
              try (KernelRunner runner = ready.runner()) {
                assertThatThrownBy(() -> runner.write(Sums.A, new double[1]))
                    .hasMessage("A has 2 elements, not 1");
                assertThatThrownBy(
                        () -> runner.write(Sums.A, new double[] {0, Double.NEGATIVE_INFINITY}))
                    .hasMessage("A holds -Infinity; inputs of kernels are finite");
              }
            });
  }

  @Test
  void whatDoesNotFitTheDeviceIsNamed() {
    LocalDevice real = Tools.localProcessor();
    DeviceDescription d = real.description();
    DeviceDescription small =
        new DeviceDescription(
            d.name(), d.platform(), d.driver(), d.version(), d.kind(), 1, 0, 1, 1, false, 20, 8);

    assertThat(Fitness.problems(Sums.program(3), small))
        .containsExactlyInAnyOrder(
            "A needs a buffer of 12 bytes, the device allows 8",
            "B needs a buffer of 12 bytes, the device allows 8",
            "C needs a buffer of 12 bytes, the device allows 8",
            "all buffers need 36 bytes, the device has 20");
  }

  @Test
  void programsOfADeviceShareItsContext() {
    LocalDevice device = Tools.localProcessor();

    assertThat(device.context()).isSameAs(device.context());
  }

  @Test
  void tableOfNumbersThatAreNotWholeIsRefused() {
    KernelBuffer lengths =
        new KernelBuffer(
            new TensorName("N"),
            new Array("N", AddressSpace.GLOBAL, Type.INT, 2),
            KernelBuffer.Role.INPUT);

    assertThat(Elements.bytes(lengths, new double[] {3, -1}).remaining()).isEqualTo(8);
    assertThatThrownBy(() -> Elements.bytes(lengths, new double[] {3, 0.5}))
        .hasMessage(
            "N holds 0.5 (expected whole numbers of 32 bits: kernels read it as coordinates)");
    assertThatThrownBy(() -> Elements.bytes(lengths, new double[] {1e10, 0}))
        .hasMessageStartingWith("N holds 1.0E10 (expected whole numbers");
  }
}
