package dev.weir.opencl.validate;

import dev.weir.einsum.analysis.OperationCount;
import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.InputData;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.emit.OpenClPrinter;
import dev.weir.opencl.kernel.KernelBuffer;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.lower.KernelLowering;
import dev.weir.opencl.lower.Lowering;
import dev.weir.opencl.runtime.Answer;
import dev.weir.opencl.runtime.Device;
import dev.weir.opencl.runtime.DeviceProgram;
import dev.weir.opencl.runtime.DeviceSession;
import dev.weir.opencl.runtime.RunTimes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Checks the kernels of a schedule against the reference evaluator, on adversarial inputs and tails
 * too. A difference is judged by the bound that rounding in single precision can reach, not by a
 * tolerance that somebody chose; and only what is right is timed.
 */
public final class KernelValidator {

  private final DeviceSession session;
  private final Device device;
  private final ValidationOptions options;
  private final List<Comparison> comparisons = new ArrayList<>();
  private Optional<ValidationReport.Timing> timing = Optional.empty();
  private Optional<String> tailsNotChecked = Optional.empty();

  private final UnaryOperator<String> planting;

  private KernelValidator(
      DeviceSession session,
      Device device,
      ValidationOptions options,
      UnaryOperator<String> planting) {
    this.session = session;
    this.device = device;
    this.options = options;
    this.planting = planting;
  }

  /** Lowers, builds, runs and compares. */
  public static ValidationReport validate(
      Problem problem, DeviceSession session, Device device, ValidationOptions options) {
    return validate(problem, session, device, options, source -> source);
  }

  /** The same with a change of the kernel's text: how a test shows that faults are found. */
  static ValidationReport validate(
      Problem problem,
      DeviceSession session,
      Device device,
      ValidationOptions options,
      UnaryOperator<String> planting) {
    return switch (KernelLowering.lower(problem)) {
      case Lowering.Refused refused ->
          new ValidationReport.Refused(refused.where(), refused.reason());
      case Lowering.Lowered lowered ->
          new KernelValidator(session, device, options, planting)
              .validate(problem, lowered.program());
    };
  }

  private ValidationReport validate(Problem problem, KernelProgram program) {
    if (options.withTails()) {
      Problem tails = TailShapes.of(problem);
      switch (KernelLowering.lower(tails)) {
        case Lowering.Refused refused ->
            tailsNotChecked = Optional.of(TailShapes.text(tails) + ": " + refused.reason());
        case Lowering.Lowered small -> {
          Optional<ValidationReport> failed = run(tails, small.program(), 0);
          if (failed.isPresent()) {
            return failed.get();
          }
        }
      }
    }
    return run(problem, program, options.repetitions())
        .orElseGet(
            () ->
                new ValidationReport.Checked(
                    device.description(), hash(program), comparisons, timing, tailsNotChecked));
  }

  /** Runs all cases at one shape; a report when the kernel does not even run. */
  private Optional<ValidationReport> run(Problem problem, KernelProgram program, int repetitions) {
    String source = planting.apply(OpenClPrinter.print(program));
    Answer<DeviceProgram> state = session.build(device, program, source);
    boolean hasTables = hasTables(program);
    for (InputCase inputs : InputCase.values()) {
      if (options.cases().contains(inputs) && (inputs != InputCase.MASKED || hasTables)) {
        state = state.then(built -> compare(problem, built, inputs));
      }
    }
    if (repetitions > 0 && comparisons.stream().noneMatch(KernelValidator::isWrong)) {
      state =
          state.then(built -> built.time(repetitions).then(times -> timed(problem, built, times)));
    }
    return switch (state) {
      case Answer.Given<DeviceProgram> given -> {
        given.value().close();
        yield Optional.empty();
      }
      case Answer.Failed<DeviceProgram> failed ->
          Optional.of(new ValidationReport.NotBuilt(failed.reason(), failed.log()));
    };
  }

  private Answer<DeviceProgram> timed(Problem problem, DeviceProgram built, RunTimes times) {
    timing = Optional.of(time(problem, times));
    return new Answer.Given<>(built);
  }

  private static boolean isWrong(Comparison comparison) {
    return comparison.verdict() instanceof Comparison.Verdict.Fail;
  }

  private static boolean hasTables(KernelProgram program) {
    return program.buffers().stream().anyMatch(KernelValidator::isTable);
  }

  private static boolean isTable(KernelBuffer buffer) {
    return buffer.array().element().kind() == Type.Kind.INT;
  }

  private Answer<DeviceProgram> compare(Problem problem, DeviceProgram built, InputCase inputCase) {
    Cascade cascade = problem.cascade();
    Map<TensorName, DenseTensor> inputs =
        InputData.of(
            cascade,
            problem.shapes(),
            inputCase.kind(),
            options.seed(),
            tables(problem, built.program(), inputCase));
    Map<TensorName, double[]> values = new HashMap<>();
    for (KernelBuffer buffer : built.program().buffers()) {
      if (buffer.role() == KernelBuffer.Role.INPUT) {
        values.put(buffer.tensor(), inputs.get(buffer.tensor()).values());
      }
    }
    Answer<DeviceProgram> state = built.run(values);
    Reference reference = Reference.of(problem, inputs, options.sampled());
    for (Tensor tensor : cascade.tensors()) {
      if (tensor.role() == Tensor.Role.OUTPUT) {
        state =
            state.then(
                ran ->
                    ran.read(tensor.name())
                        .then(
                            got -> {
                              String shape = TailShapes.text(problem);
                              comparisons.add(reference.compare(tensor, got, inputCase, shape));
                              return new Answer.Given<>(ran);
                            }));
      }
    }
    return state;
  }

  private static Map<TensorName, InputData.IntegerRange> tables(
      Problem problem, KernelProgram program, InputCase inputCase) {
    long largest =
        problem.cascade().tensors().stream()
            .flatMap(tensor -> tensor.ranks().stream())
            .mapToLong(problem.shapes()::of)
            .max()
            .orElse(1);
    long high =
        switch (inputCase) {
          case RANDOM, TIES, LARGE -> largest;
          case MASKED -> 1;
        };
    Map<TensorName, InputData.IntegerRange> ranges = new HashMap<>();
    program.buffers().stream()
        .filter(KernelValidator::isTable)
        .forEach(buffer -> ranges.put(buffer.tensor(), new InputData.IntegerRange(0, high)));
    return ranges;
  }

  private static ValidationReport.Timing time(Problem problem, RunTimes times) {
    double operations = 0;
    Map<OperationKind, Long> totals =
        OperationCount.of(problem.cascade(), problem.shapes()).totals();
    for (Map.Entry<OperationKind, Long> entry : totals.entrySet()) {
      int each = entry.getKey() == OperationKind.MULTIPLY_ACCUMULATE ? 2 : 1;
      operations += (double) each * entry.getValue();
    }
    return new ValidationReport.Timing(
        times.minimumMilliseconds(), times.medianMilliseconds(), times.runs(), operations);
  }

  private static String hash(KernelProgram program) {
    try {
      byte[] text = OpenClPrinter.print(program).getBytes(StandardCharsets.UTF_8);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text);
      return HexFormat.of().formatHex(digest).substring(0, 16);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }

  /** Ranks whose shapes a workload gives: neither an outer part nor bound by the schedule. */
  static boolean isWorkload(RankName rank, Problem problem) {
    return !problem.schedule().shapes().containsKey(rank)
        && problem.cascade().partitions().stream().noneMatch(split -> split.outer().equals(rank));
  }
}
