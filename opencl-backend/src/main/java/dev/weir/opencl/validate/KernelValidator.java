package dev.weir.opencl.validate;

import dev.weir.einsum.analysis.OperationCount;
import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.emit.OpenClPrinter;
import dev.weir.opencl.kernel.KernelBuffer;
import dev.weir.opencl.kernel.KernelProgram;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks the kernels of a schedule against the reference evaluator, on adversarial inputs and tails
 * too. A difference is judged by a bound derived for the rounding of the kernel's format, not by a
 * tolerance that somebody chose; and only what is right is timed.
 */
public final class KernelValidator {

  private final DeviceSession session;

  /** A kernel that takes this long has the same time again and again. */
  private static final Duration ENOUGH_TIMED = Duration.ofSeconds(1);

  /** Floating-point operations of the largest shape that is executed without a device. */
  private static final double EXECUTED_OPERATIONS = 1e7;

  /** Cases of every further small shape. */
  private static final Set<InputCase> TAIL_CASES = Set.of(InputCase.RANDOM, InputCase.MASKED);

  private final Device device;
  private final ValidationOptions options;
  private final References references;

  /** Comparisons that other threads may still be busy with, in order. */
  private final List<CompletableFuture<List<Comparison>>> pending = new ArrayList<>();

  private final List<Comparison> comparisons = new ArrayList<>();
  private Optional<ValidationReport.Timing> timing = Optional.empty();
  private final List<String> tailsNotChecked = new ArrayList<>();

  private final Planted planted;

  private KernelValidator(
      DeviceSession session,
      Device device,
      ValidationOptions options,
      References references,
      Planted planted) {
    this.session = session;
    this.device = device;
    this.options = options;
    this.references = references;
    this.planted = planted;
  }

  /** Lowers, builds, runs and compares. */
  public static ValidationReport validate(
      Problem problem, DeviceSession session, Device device, ValidationOptions options) {
    return validate(problem, session, device, options, new References());
  }

  /** The same for one of several kernels, some of which share what is expected of them. */
  public static ValidationReport validate(
      Problem problem,
      DeviceSession session,
      Device device,
      ValidationOptions options,
      References references) {
    return validate(problem, session, device, options, references, Planted.nothing());
  }

  /** The same with a fault. */
  static ValidationReport validate(
      Problem problem,
      DeviceSession session,
      Device device,
      ValidationOptions options,
      Planted planted) {
    return validate(problem, session, device, options, new References(), planted);
  }

  private static ValidationReport validate(
      Problem problem,
      DeviceSession session,
      Device device,
      ValidationOptions options,
      References references,
      Planted planted) {
    return switch (KernelLowering.lower(problem, options.format())) {
      case Lowering.Refused refused ->
          new ValidationReport.Refused(refused.where(), refused.reason(), refused.fix());
      case Lowering.Lowered lowered -> {
        Optional<TensorName> hidden = hidden(problem, lowered.program());
        yield hidden.isPresent()
            ? new ValidationReport.Refused(
                NodePath.ROOT,
                "%s decides what else is computed and stays inside a kernel, so nobody can say whether the kernel decided rightly"
                    .formatted(hidden.get()),
                "keep %s at %s".formatted(hidden.get(), problem.architecture().top().name()))
            : new KernelValidator(session, device, options, references, planted)
                .validate(problem, lowered.program());
      }
    };
  }

  private static Optional<TensorName> hidden(Problem problem, KernelProgram program) {
    Cascade cascade = problem.cascade();
    Set<TensorName> deciding = Decisions.of(cascade);
    return Decisions.hidden(cascade, deciding, Stage.seen(cascade, deciding, program));
  }

  private ValidationReport validate(Problem problem, KernelProgram program) {
    List<Stage> stages = new ArrayList<>();
    if (options.withTails()) {
      Set<InputCase> cases = options.cases();
      for (Problem tails : TailShapes.of(problem)) {
        switch (KernelLowering.lower(tails, options.format())) {
          case Lowering.Refused refused ->
              tailsNotChecked.add(TailShapes.text(tails) + ": " + refused.message());
          case Lowering.Lowered small -> {
            stages.add(stage(tails, small.program(), cases, Stage.ALL, 0));
            cases = both(options.cases(), TAIL_CASES);
          }
        }
      }
    }
    // What is not finite was tried at a small shape, where all points are compared.
    Set<InputCase> cases =
        options.withTails() ? both(options.cases(), InputCase.finite()) : options.cases();
    stages.add(stage(problem, program, cases, options.sampled(), options.repetitions()));
    for (Stage stage : stages) {
      Optional<ValidationReport> failed = run(stage);
      if (failed.isPresent()) {
        return failed.get();
      }
    }
    settle();
    return new ValidationReport.Checked(
        device.description(),
        hash(program),
        comparisons,
        timing,
        tailsNotChecked,
        diagnosis(stages));
  }

  /** Of the smallest shape with a wrong result, if there is one and it is small enough. */
  private Optional<Diagnosis> diagnosis(List<Stage> stages) {
    return stages.stream()
        .filter(stage -> operations(stage.problem()) <= EXECUTED_OPERATIONS)
        .sorted(Comparator.comparingDouble(stage -> operations(stage.problem())))
        .flatMap(stage -> wrongCases(stage).map(inputCase -> diagnosis(stage, inputCase)))
        .findFirst();
  }

  private Stream<InputCase> wrongCases(Stage stage) {
    String shape = TailShapes.text(stage.problem());
    return stage.cases().stream()
        .filter(inputCase -> !inputCase.hasSpecial())
        .filter(
            inputCase ->
                comparisons.stream()
                    .anyMatch(
                        one ->
                            one.failed()
                                && one.inputs() == inputCase
                                && one.shape().equals(shape)));
  }

  private Diagnosis diagnosis(Stage stage, InputCase inputCase) {
    Map<TensorName, DenseTensor> inputs =
        CaseInputs.of(stage.problem(), stage.program(), options).values(inputCase);
    return Diagnoses.of(
        stage.program(),
        inputCase,
        TailShapes.text(stage.problem()),
        inputs,
        got -> settled(stage.judged(inputs, got, inputCase)));
  }

  private Stage stage(
      Problem problem, KernelProgram program, Set<InputCase> wanted, int sampled, int repetitions) {
    boolean hasTables = !CaseInputs.of(problem, program, options).tables().isEmpty();
    List<InputCase> cases =
        Arrays.stream(InputCase.values())
            .filter(inputs -> wanted.contains(inputs) && (!inputs.needsTables() || hasTables))
            .toList();
    Map<InputCase, CompletableFuture<Optional<Reference>>> expected =
        new EnumMap<>(InputCase.class);
    if (Decisions.of(problem.cascade()).isEmpty()) {
      cases.forEach(
          inputs ->
              expected.put(inputs, references.begin(problem, program, options, inputs, sampled)));
    }
    return new Stage(problem, planted.kernel().apply(program), cases, repetitions, expected);
  }

  /** Waits for all comparisons. */
  private void settle() {
    pending.forEach(one -> comparisons.addAll(settled(one)));
    pending.clear();
  }

  private static <T> T settled(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw failed;
    }
  }

  private static Set<InputCase> both(Set<InputCase> one, Set<InputCase> other) {
    return one.stream().filter(other::contains).collect(Collectors.toSet());
  }

  /** Runs all cases at one shape; a report when the kernel does not even run. */
  private Optional<ValidationReport> run(Stage stage) {
    String source = planted.text().apply(OpenClPrinter.print(stage.program()));
    Answer<DeviceProgram> state = session.build(device, stage.program(), source);
    for (InputCase inputs : stage.cases()) {
      state = state.then(built -> compare(stage, built, inputs));
    }
    if (stage.repetitions() > 0) {
      // Other threads that evaluate would take time from a device that is a processor.
      settle();
      if (comparisons.stream().noneMatch(Comparison::failed)) {
        state =
            state.then(
                built ->
                    built
                        .time(stage.repetitions(), ENOUGH_TIMED)
                        .then(times -> timed(stage.problem(), built, times)));
      }
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

  /** Runs a case, reads what it left, and leaves the comparison to another thread. */
  private Answer<DeviceProgram> compare(Stage stage, DeviceProgram built, InputCase inputCase) {
    Problem problem = stage.problem();
    Map<TensorName, DenseTensor> inputs =
        CaseInputs.of(problem, built.program(), options).values(inputCase);
    if (inputs.isEmpty()) {
      return new Answer.Given<>(built);
    }
    Map<TensorName, DenseTensor> values = new HashMap<>();
    for (KernelBuffer buffer : built.program().buffers()) {
      if (buffer.role() == KernelBuffer.Role.INPUT) {
        values.put(buffer.tensor(), inputs.get(buffer.tensor()));
      }
    }
    Set<TensorName> deciding = Decisions.of(problem.cascade());
    Answer<DeviceProgram> state = built.runOn(values);
    if (!deciding.isEmpty() && inputCase.hasSpecial()) {
      return state;
    }
    Set<TensorName> seen = Stage.seen(problem.cascade(), deciding, built.program());
    Map<TensorName, double[]> got = new HashMap<>();
    for (Tensor tensor : problem.cascade().tensors()) {
      if (seen.contains(tensor.name()) || tensor.role() == Tensor.Role.OUTPUT) {
        state =
            state.then(
                ran ->
                    ran.read(tensor.name())
                        .then(
                            read -> {
                              got.put(tensor.name(), read);
                              return new Answer.Given<>(ran);
                            }));
      }
    }
    return state.then(
        ran -> {
          pending.add(stage.judged(inputs, got, inputCase));
          return new Answer.Given<>(ran);
        });
  }

  private static ValidationReport.Timing time(Problem problem, RunTimes times) {
    return new ValidationReport.Timing(
        times.minimumMilliseconds(), times.medianMilliseconds(), times.runs(), operations(problem));
  }

  private static double operations(Problem problem) {
    double operations = 0;
    Map<OperationKind, Long> totals =
        OperationCount.of(problem.cascade(), problem.shapes()).totals();
    for (Map.Entry<OperationKind, Long> entry : totals.entrySet()) {
      int each = entry.getKey() == OperationKind.MULTIPLY_ACCUMULATE ? 2 : 1;
      operations += (double) each * entry.getValue();
    }
    return operations;
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
}
