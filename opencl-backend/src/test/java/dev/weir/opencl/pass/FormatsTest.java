package dev.weir.opencl.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.InputData;
import dev.weir.einsum.eval.Precision;
import dev.weir.einsum.eval.ProbableErrorEvaluator;
import dev.weir.einsum.eval.RoundingErrorEvaluator.Bounded;
import dev.weir.einsum.eval.RoundingErrorEvaluator.Format;
import dev.weir.einsum.eval.RoundingErrorEvaluator.FunctionErrors;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.emit.OpenClPrinter;
import dev.weir.opencl.example.Gpus;
import dev.weir.opencl.example.Problems;
import dev.weir.opencl.example.RandomText;
import dev.weir.opencl.example.Tools;
import dev.weir.opencl.execute.Execution;
import dev.weir.opencl.execute.ExecutionOptions;
import dev.weir.opencl.execute.KernelExecutor;
import dev.weir.opencl.gpu.GpuCompiler;
import dev.weir.opencl.gpu.Target;
import dev.weir.opencl.kernel.KernelBuffer;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.opencl.kernel.NumberFormat;
import dev.weir.opencl.lower.KernelLowering;
import dev.weir.opencl.lower.Lowering;
import dev.weir.opencl.runtime.Answer;
import dev.weir.opencl.runtime.DeviceDescription;
import dev.weir.opencl.runtime.DeviceSession;
import dev.weir.opencl.runtime.Fitness;
import dev.weir.opencl.validate.InputCase;
import dev.weir.opencl.validate.KernelValidator;
import dev.weir.opencl.validate.ValidationOptions;
import dev.weir.opencl.validate.ValidationReport;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class FormatsTest {

  private static final long SEED = 3;

  private static final TensorName OUTPUT = new TensorName("AV");

  private static final List<String> SHIPPED =
      List.of(
          "attention_1pass opencl_1pass_cpu pocl-cpu",
          "attention_1pass_masked opencl_1pass_cpu pocl-cpu",
          "attention_1pass opencl_1pass_gpu generic-gpu",
          "attention_1pass_masked opencl_1pass_gpu generic-gpu",
          "attention_3pass opencl_3pass_cpu pocl-cpu",
          "attention_3pass_masked opencl_3pass_cpu pocl-cpu");

  private static final DeviceSession SESSION = DeviceSession.open();

  @AfterAll
  static void end() {
    SESSION.close();
  }

  /** Every shipped schedule in every format. */
  static Stream<Arguments> shipped() {
    return SHIPPED.stream()
        .flatMap(
            name -> Arrays.stream(NumberFormat.values()).map(format -> Arguments.of(name, format)));
  }

  private static Problem problem(String name, String shapes) {
    String[] parts = name.split(" ", 3);
    return Problems.shipped(parts[0], parts[1], parts[2], shapes);
  }

  private static KernelProgram program(Problem problem, NumberFormat format) {
    return switch (KernelLowering.lower(problem, format)) {
      case Lowering.Lowered lowered -> lowered.program();
      case Lowering.Refused refused ->
          throw new AssertionError(refused.where() + ": " + refused.reason());
    };
  }

  private static ValidationReport.Checked validated(Problem problem, NumberFormat format) {
    ValidationOptions options =
        new ValidationOptions(InputCase.finite(), false, 5, 0, SEED, format);
    return switch (KernelValidator.validate(problem, SESSION, Tools.processor(SESSION), options)) {
      case ValidationReport.Checked checked -> checked;
      case ValidationReport.Refused refused -> throw new AssertionError(refused.message());
      case ValidationReport.NotBuilt failed ->
          throw new AssertionError(failed.reason() + "\n" + String.join("\n", failed.log()));
    };
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void shippedSchedulesAreRightOnADevice(String name, NumberFormat format) {
    ValidationReport.Checked checked =
        validated(problem(name, "B=1 H=2 P=19 M=35 E=16 F=8"), format);

    assertThat(checked.passed()).as("%s", checked.comparisons()).isTrue();
    assertThat(checked.comparisons())
        .filteredOn(c -> c.inputs() == InputCase.RANDOM)
        .allMatch(c -> c.comparedPoints() > 0 && c.maxAbsoluteError() > 0);
  }

  /** Large scores leave results of 10⁻²⁸⁹, whose errors have no squares in double precision. */
  @Test
  void verySmallResultsAreJudgedInDoublePrecision() {
    Problem problem = problem(SHIPPED.getFirst(), "B=1 H=1 P=64 M=64 E=64 F=64");
    ValidationOptions options =
        new ValidationOptions(Set.of(InputCase.LARGE), true, 5, 0, 1, NumberFormat.DOUBLE);

    ValidationReport report =
        KernelValidator.validate(problem, SESSION, Tools.processor(SESSION), options);

    assertThat(report)
        .isInstanceOfSatisfying(
            ValidationReport.Checked.class,
            checked -> assertThat(checked.passed()).as("%s", checked.comparisons()).isTrue());
  }

  /** What the formats cost or gain shows: no two of them compute the same. */
  @Test
  void formatsDifferByTheirUnitRoundoffs() {
    Problem problem = problem(SHIPPED.getFirst(), "B=1 H=2 P=19 M=35 E=16 F=8");
    Map<NumberFormat, Double> errors = new HashMap<>();
    for (NumberFormat format : NumberFormat.values()) {
      errors.put(
          format,
          validated(problem, format).comparisons().stream()
              .filter(c -> c.inputs() == InputCase.RANDOM)
              .mapToDouble(c -> c.maxAbsoluteError())
              .max()
              .orElseThrow());
    }

    assertThat(errors.get(NumberFormat.HALF_STORAGE)).isBetween(1e-6, 1e-3);
    assertThat(errors.get(NumberFormat.SINGLE)).isBetween(1e-9, 1e-6);
    assertThat(errors.get(NumberFormat.DOUBLE)).isBetween(1e-18, 1e-14);
  }

  @ParameterizedTest
  @EnumSource(NumberFormat.class)
  void randomProblemsAreRightOnADevice(NumberFormat format) {
    int checked = 0;
    for (long seed = 400; seed < 412; seed++) {
      Problem problem = RandomText.legal(seed).problem();
      ValidationOptions options =
          new ValidationOptions(Set.of(InputCase.RANDOM), false, 100, 0, SEED, format);
      switch (KernelValidator.validate(problem, SESSION, Tools.processor(SESSION), options)) {
        case ValidationReport.Checked done -> {
          assertThat(done.passed()).as("seed %d: %s", seed, done.comparisons()).isTrue();
          checked++;
        }
        case ValidationReport.NotBuilt failed ->
            throw new AssertionError(seed + ": " + failed.reason() + "\n" + failed.log());
        case ValidationReport.Refused _ -> {}
      }
    }
    assertThat(checked).isGreaterThan(4);
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void theExecutorComputesInTheFormat(String name, NumberFormat format) {
    Problem problem = problem(name, "B=1 H=1 P=9 M=21 E=8 F=8");
    Map<TensorName, DenseTensor> inputs = inputs(problem);
    Map<TensorName, double[]> given = new HashMap<>();
    inputs.forEach((tensor, values) -> given.put(tensor, values.values()));

    Execution execution =
        KernelExecutor.run(program(problem, format), given, ExecutionOptions.plain());

    double[] got = ((Execution.Completed) execution).tensors().get(OUTPUT);
    Bounded expected =
        ProbableErrorEvaluator.evaluate(
                problem.cascade(), problem.shapes(), inputs, precision(problem, format))
            .get(OUTPUT);
    double[] value = expected.value().values();
    double[] bound = expected.bound().values();
    for (int i = 0; i < got.length; i++) {
      assertThat(Math.abs(got[i] - value[i])).as("%s[%d]", name, i).isLessThanOrEqualTo(bound[i]);
      if (format == NumberFormat.HALF_STORAGE) {
        assertThat(Float.float16ToFloat(Float.floatToFloat16((float) got[i])))
            .isEqualTo((float) got[i]);
      }
    }
  }

  /** Small whole numbers are exact in all formats. */
  private static Map<TensorName, DenseTensor> inputs(Problem problem) {
    return InputData.of(
        problem.cascade(),
        problem.shapes(),
        InputData.Kind.EXACT_TIES,
        SEED,
        Map.of(new TensorName("N"), new InputData.IntegerRange(0, 21)));
  }

  private static Precision precision(Problem problem, NumberFormat format) {
    return switch (format) {
      case SINGLE -> Precision.SINGLE;
      case HALF_STORAGE ->
          new Precision(
              Format.SINGLE,
              FunctionErrors.OPENCL_FULL_PROFILE,
              program(problem, format).buffers().stream()
                  .filter(buffer -> buffer.role() != KernelBuffer.Role.INPUT)
                  .collect(Collectors.toMap(KernelBuffer::tensor, _ -> Format.HALF)));
      case DOUBLE -> new Precision(Format.DOUBLE, FunctionErrors.OPENCL_DOUBLE, Map.of());
    };
  }

  /** Every shipped schedule for GPUs in every format. */
  static Stream<Arguments> shippedForGpus() {
    return shipped().filter(arguments -> ((String) arguments.get()[0]).endsWith("generic-gpu"));
  }

  @ParameterizedTest
  @MethodSource("shippedForGpus")
  void kernelsCompileForGpus(String name, NumberFormat format) {
    KernelProgram program = program(problem(name, "B=1 H=2 P=19 M=35 E=16 F=8"), format);
    for (Target target : List.of(Target.SM_80, Target.GFX90A)) {
      assertThat(Gpus.compiled(GpuCompiler.ofMachine().compile(program, target)).kernels())
          .hasSameSizeAs(program.kernels());
    }
  }

  @Test
  void textSaysHowNumbersAreStoredAndComputed() {
    Problem problem = problem(SHIPPED.get(1), "B=1 H=2 P=19 M=35 E=16 F=8");
    String half = OpenClPrinter.print(program(problem, NumberFormat.HALF_STORAGE));
    String full = OpenClPrinter.print(program(problem, NumberFormat.DOUBLE));

    assertThat(OpenClPrinter.print(program(problem, NumberFormat.SINGLE)))
        .isEqualTo(OpenClPrinter.print(Problems.program(problem)))
        .doesNotContain("half", "double");
    assertThat(half)
        .contains("__global const half *restrict Q", "vload_half", "_rte(", "const int *restrict N")
        .doesNotContain("double", "cl_khr");
    assertThat(full)
        .contains("#pragma OPENCL EXTENSION cl_khr_fp64 : enable", "double")
        .doesNotContain("float", "half")
        .doesNotContainPattern("[0-9]f\\b");
  }

  @Test
  void sumsInGlobalMemoryAreRefusedInHalfPrecision() {
    Problem problem =
        Problems.of(
            """
            cascade sum "of products"
              ranks   I, J, K
              inputs  A[I,K], B[K,J]
              C[i,j] = A[i,k] * B[k,j]
              outputs C
            """,
            """
            schedule s "sums outermost" for sum
              for k by 1  for i by 1  for j by 1  compute C on Core
            """,
            "I=64 J=64 K=3");

    assertThat(KernelLowering.lower(problem, NumberFormat.DOUBLE))
        .isInstanceOf(Lowering.Lowered.class);
    assertThat(KernelLowering.lower(problem, NumberFormat.HALF_STORAGE))
        .isInstanceOfSatisfying(
            Lowering.Refused.class,
            refused ->
                assertThat(refused.message())
                    .startsWith(
                        "C is summed up in global memory, where fp16 would round every step;"
                            + " --precision fp32, or a keep of C in local or private memory"));
  }

  @Test
  void aDeviceWithoutDoublesIsRefused() {
    DeviceDescription single =
        new DeviceDescription(
            "one",
            "none",
            "1",
            "OpenCL 1.2",
            DeviceDescription.Kind.GPU,
            1,
            1 << 16,
            1024,
            1,
            false,
            1L << 40,
            1L << 40);
    Problem problem = problem(SHIPPED.getFirst(), "B=1 H=2 P=19 M=35 E=16 F=8");

    assertThat(Fitness.problems(program(problem, NumberFormat.DOUBLE), single))
        .containsExactly(
            "the kernels compute in double precision, the device does not (it lacks cl_khr_fp64);"
                + " take fp32 or fp16 in place of fp64");
    assertThat(Fitness.problems(program(problem, NumberFormat.HALF_STORAGE), single)).isEmpty();
  }

  /** What is stored is a half, and rounding elsewhere than to nearest is found. */
  @Test
  void elementsOfHalfPrecisionArriveAsTheyAreStored() {
    Problem problem =
        Problems.of(
            """
            cascade copy "of products"
              ranks   I
              inputs  A[I], B[I]
              C[i] = A[i] * B[i]
              outputs C
            """,
            """
            schedule s "lanes" for copy
              for i by 8  spatial i by 1 on lanes.x  compute C on Core
            """,
            "I=21");
    KernelProgram program = program(problem, NumberFormat.HALF_STORAGE);
    double[] a = new double[21];
    double[] b = new double[21];
    double[] expected = new double[21];
    for (int i = 0; i < 21; i++) {
      a[i] = 1 + i * 0x1p-10;
      b[i] = 1 - (3 * i + 1) * 0x1p-11;
      expected[i] = Float.float16ToFloat(Float.floatToFloat16((float) (a[i] * b[i])));
    }
    Map<TensorName, double[]> inputs = Map.of(new TensorName("A"), a, new TensorName("B"), b);

    Answer<double[]> got =
        SESSION
            .build(Tools.processor(SESSION), program)
            .then(built -> built.run(inputs))
            .then(ran -> ran.read(new TensorName("C")));

    assertThat(got)
        .isInstanceOfSatisfying(
            Answer.Given.class,
            given -> assertThat((double[]) given.value()).containsExactly(expected));
  }
}
