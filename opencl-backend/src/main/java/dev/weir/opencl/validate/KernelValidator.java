package dev.weir.opencl.validate;

import dev.weir.einsum.analysis.OperationCount;
import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.ReferenceEvaluator;
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
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Checks the kernels of a schedule against the reference evaluator, on adversarial inputs and tails
 * too. A difference is judged by a bound derived for the rounding of the kernel's format, not by a
 * tolerance that somebody chose; and only what is right is timed.
 */
public final class KernelValidator {

  private final DeviceSession session;

  /** Sampled coordinates of small shapes: all. */
  private static final int ALL = Integer.MAX_VALUE;

  /** A kernel that takes this long has the same time again and again. */
  private static final Duration ENOUGH_TIMED = Duration.ofSeconds(1);

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

  private final UnaryOperator<String> planting;

  private KernelValidator(
      DeviceSession session,
      Device device,
      ValidationOptions options,
      References references,
      UnaryOperator<String> planting) {
    this.session = session;
    this.device = device;
    this.options = options;
    this.references = references;
    this.planting = planting;
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
    return validate(problem, session, device, options, references, source -> source);
  }

  /** The same with a change of the kernel's text: how a test shows that faults are found. */
  static ValidationReport validate(
      Problem problem,
      DeviceSession session,
      Device device,
      ValidationOptions options,
      UnaryOperator<String> planting) {
    return validate(problem, session, device, options, new References(), planting);
  }

  private static ValidationReport validate(
      Problem problem,
      DeviceSession session,
      Device device,
      ValidationOptions options,
      References references,
      UnaryOperator<String> planting) {
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
            : new KernelValidator(session, device, options, references, planting)
                .validate(problem, lowered.program());
      }
    };
  }

  private static Optional<TensorName> hidden(Problem problem, KernelProgram program) {
    Cascade cascade = problem.cascade();
    Set<TensorName> deciding = Decisions.of(cascade);
    return Decisions.hidden(cascade, deciding, seen(cascade, deciding, program));
  }

  private static Set<TensorName> seen(
      Cascade cascade, Set<TensorName> deciding, KernelProgram program) {
    Set<TensorName> buffers =
        program.buffers().stream().map(KernelBuffer::tensor).collect(Collectors.toSet());
    return Decisions.seen(cascade, deciding, buffers);
  }

  /**
   * A kernel at one shape.
   *
   * @param expected outputs by case, where they do not depend on what the kernel decides
   */
  private record Stage(
      Problem problem,
      KernelProgram program,
      List<InputCase> cases,
      int repetitions,
      Map<InputCase, CompletableFuture<Optional<Reference>>> expected) {}

  private ValidationReport validate(Problem problem, KernelProgram program) {
    List<Stage> stages = new ArrayList<>();
    if (options.withTails()) {
      Set<InputCase> cases = options.cases();
      for (Problem tails : TailShapes.of(problem)) {
        switch (KernelLowering.lower(tails, options.format())) {
          case Lowering.Refused refused ->
              tailsNotChecked.add(TailShapes.text(tails) + ": " + refused.message());
          case Lowering.Lowered small -> {
            stages.add(stage(tails, small.program(), cases, ALL, 0));
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
        device.description(), hash(program), comparisons, timing, tailsNotChecked);
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
    return new Stage(problem, program, cases, repetitions, expected);
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
    String source = planting.apply(OpenClPrinter.print(stage.program()));
    Answer<DeviceProgram> state = session.build(device, stage.program(), source);
    for (InputCase inputs : stage.cases()) {
      state = state.then(built -> compare(stage, built, inputs));
    }
    if (stage.repetitions() > 0) {
      // Other threads that evaluate would take time from a device that is a processor.
      settle();
      if (comparisons.stream().noneMatch(KernelValidator::isWrong)) {
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

  private static boolean isWrong(Comparison comparison) {
    return comparison.verdict() instanceof Comparison.Verdict.Fail;
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
    Set<TensorName> seen = seen(problem.cascade(), deciding, built.program());
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
          pending.add(
              deciding.isEmpty()
                  ? stage
                      .expected()
                      .get(inputCase)
                      .thenApply(
                          reference ->
                              compared(
                                  problem.cascade(),
                                  reference.orElseThrow(),
                                  problem,
                                  got,
                                  inputCase))
                  : CompletableFuture.supplyAsync(
                      () -> comparedGiven(deciding, seen, stage, inputs, got, inputCase)));
          return new Answer.Given<>(ran);
        });
  }

  private static List<Comparison> compared(
      Cascade cascade,
      Reference reference,
      Problem problem,
      Map<TensorName, double[]> got,
      InputCase inputCase) {
    String shape = TailShapes.text(problem);
    return cascade.tensors().stream()
        .filter(tensor -> tensor.role() == Tensor.Role.OUTPUT)
        .map(tensor -> reference.compare(tensor, got.get(tensor.name()), inputCase, shape))
        .toList();
  }

  /** Compares what follows from what the kernel decided, and what decided. */
  private static List<Comparison> comparedGiven(
      Set<TensorName> deciding,
      Set<TensorName> seen,
      Stage stage,
      Map<TensorName, DenseTensor> inputs,
      Map<TensorName, double[]> got,
      InputCase inputCase) {
    Problem problem = stage.problem();
    Cascade cascade = problem.cascade();
    Map<TensorName, DenseTensor> given = new HashMap<>(inputs);
    seen.forEach(
        name -> given.put(name, tensor(cascade.tensorsByName().get(name), problem, got.get(name))));
    given.putAll(following(problem, deciding, seen, given));
    List<Comparison> all = new ArrayList<>();
    for (Cascade part : Decisions.parts(cascade, deciding, seen)) {
      Problem alone =
          new Problem(part, problem.schedule(), problem.architecture(), problem.shapes());
      Map<TensorName, DenseTensor> own = inputs(part, given);
      Reference reference =
          Decisions.isOrder(part)
              ? Reference.ofOrder(alone, own)
              : Reference.of(alone, Reference.precision(stage.program()), own, ALL);
      all.addAll(compared(part, reference, problem, got, inputCase));
    }
    return all;
  }

  /** Decisions that nobody sees, worked out from those that are seen. */
  private static Map<TensorName, DenseTensor> following(
      Problem problem,
      Set<TensorName> deciding,
      Set<TensorName> seen,
      Map<TensorName, DenseTensor> given) {
    Set<TensorName> unseen = new HashSet<>(deciding);
    unseen.removeAll(seen);
    if (unseen.isEmpty()) {
      return Map.of();
    }
    Cascade part = Decisions.part(problem.cascade(), seen, unseen);
    Map<TensorName, DenseTensor> values =
        ReferenceEvaluator.evaluate(part, problem.shapes(), inputs(part, given));
    return unseen.stream().collect(Collectors.toMap(Function.identity(), values::get));
  }

  private static Map<TensorName, DenseTensor> inputs(
      Cascade part, Map<TensorName, DenseTensor> given) {
    Map<TensorName, DenseTensor> inputs = new HashMap<>();
    part.tensors().stream()
        .filter(tensor -> tensor.role() == Tensor.Role.INPUT)
        .forEach(tensor -> inputs.put(tensor.name(), given.get(tensor.name())));
    return inputs;
  }

  private static DenseTensor tensor(Tensor tensor, Problem problem, double[] values) {
    long[] shape = tensor.ranks().stream().mapToLong(problem.shapes()::of).toArray();
    DenseTensor dense = new DenseTensor(shape, tensor.empty());
    Coordinates.forEach(shape, at -> dense.set(values[Coordinates.offset(shape, at)], at));
    return dense;
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
}
