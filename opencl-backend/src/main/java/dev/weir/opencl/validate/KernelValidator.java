package dev.weir.opencl.validate;

import dev.weir.einsum.analysis.OperationCount;
import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.InputData;
import dev.weir.einsum.eval.ReferenceEvaluator;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Distribution;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.NodePath;
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
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  /** Cases of every further small shape. */
  private static final Set<InputCase> TAIL_CASES = Set.of(InputCase.RANDOM, InputCase.MASKED);

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
    return switch (KernelLowering.lower(problem, options.format())) {
      case Lowering.Refused refused ->
          new ValidationReport.Refused(refused.where(), refused.reason());
      case Lowering.Lowered lowered -> {
        Optional<TensorName> hidden = hidden(problem, lowered.program());
        yield hidden.isPresent()
            ? new ValidationReport.Refused(
                NodePath.ROOT,
                "%s decides what else is computed and stays inside a kernel, so nobody can say whether the kernel decided rightly; keep %s at the top level"
                    .formatted(hidden.get(), hidden.get()))
            : new KernelValidator(session, device, options, planting)
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

  private ValidationReport validate(Problem problem, KernelProgram program) {
    if (options.withTails()) {
      Set<InputCase> cases = options.cases();
      for (Problem tails : TailShapes.of(problem)) {
        switch (KernelLowering.lower(tails, options.format())) {
          case Lowering.Refused refused ->
              tailsNotChecked = Optional.of(TailShapes.text(tails) + ": " + refused.reason());
          case Lowering.Lowered small -> {
            Optional<ValidationReport> failed = run(tails, small.program(), cases, ALL, 0);
            if (failed.isPresent()) {
              return failed.get();
            }
          }
        }
        cases = both(options.cases(), TAIL_CASES);
      }
    }
    // What is not finite was tried at a small shape, where all points are compared.
    Set<InputCase> cases =
        options.withTails() ? both(options.cases(), InputCase.finite()) : options.cases();
    return run(problem, program, cases, options.sampled(), options.repetitions())
        .orElseGet(
            () ->
                new ValidationReport.Checked(
                    device.description(), hash(program), comparisons, timing, tailsNotChecked));
  }

  private static Set<InputCase> both(Set<InputCase> one, Set<InputCase> other) {
    return one.stream().filter(other::contains).collect(Collectors.toSet());
  }

  /** Runs all cases at one shape; a report when the kernel does not even run. */
  private Optional<ValidationReport> run(
      Problem problem, KernelProgram program, Set<InputCase> cases, int sampled, int repetitions) {
    String source = planting.apply(OpenClPrinter.print(program));
    Answer<DeviceProgram> state = session.build(device, program, source);
    boolean hasTables = !tables(program).isEmpty();
    for (InputCase inputs : InputCase.values()) {
      if (cases.contains(inputs) && (!inputs.needsTables() || hasTables)) {
        state = state.then(built -> compare(problem, built, inputs, sampled));
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

  /** Inputs that hold integers. */
  private static Set<TensorName> tables(KernelProgram program) {
    return program.buffers().stream()
        .filter(buffer -> buffer.role() == KernelBuffer.Role.INPUT)
        .filter(buffer -> buffer.array().element().kind() == Type.Kind.INT)
        .map(KernelBuffer::tensor)
        .collect(Collectors.toSet());
  }

  private Answer<DeviceProgram> compare(
      Problem problem, DeviceProgram built, InputCase inputCase, int sampled) {
    Cascade cascade = problem.cascade();
    Map<TensorName, DenseTensor> inputs = inputs(problem, built.program(), inputCase);
    if (inputs.isEmpty()) {
      return new Answer.Given<>(built);
    }
    Map<TensorName, DenseTensor> values = new HashMap<>();
    for (KernelBuffer buffer : built.program().buffers()) {
      if (buffer.role() == KernelBuffer.Role.INPUT) {
        values.put(buffer.tensor(), inputs.get(buffer.tensor()));
      }
    }
    Answer<DeviceProgram> state = built.runOn(values);
    Set<TensorName> deciding = Decisions.of(cascade);
    if (!deciding.isEmpty()) {
      return inputCase.hasSpecial()
          ? state
          : state.then(ran -> compareGiven(deciding, problem, inputs, ran, inputCase));
    }
    Reference reference = Reference.of(problem, built.program(), inputs, sampled);
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

  /** Compares what follows from what the kernel decided, and what decided. */
  private Answer<DeviceProgram> compareGiven(
      Set<TensorName> deciding,
      Problem problem,
      Map<TensorName, DenseTensor> inputs,
      DeviceProgram ran,
      InputCase inputCase) {
    Cascade cascade = problem.cascade();
    Set<TensorName> seen = seen(cascade, deciding, ran.program());
    Map<TensorName, double[]> got = new HashMap<>();
    Map<TensorName, DenseTensor> given = new HashMap<>(inputs);
    Answer<DeviceProgram> state = new Answer.Given<>(ran);
    for (Tensor tensor : cascade.tensors()) {
      if (seen.contains(tensor.name()) || tensor.role() == Tensor.Role.OUTPUT) {
        state =
            state.then(
                from ->
                    from.read(tensor.name())
                        .then(
                            values -> {
                              got.put(tensor.name(), values);
                              return new Answer.Given<>(from);
                            }));
      }
    }
    return state.then(
        from -> {
          seen.forEach(
              name ->
                  given.put(
                      name, tensor(cascade.tensorsByName().get(name), problem, got.get(name))));
          given.putAll(following(problem, deciding, seen, given));
          for (Cascade part : Decisions.parts(cascade, deciding, seen)) {
            compare(part, problem, from.program(), given, got, inputCase);
          }
          return new Answer.Given<>(from);
        });
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

  private void compare(
      Cascade part,
      Problem problem,
      KernelProgram program,
      Map<TensorName, DenseTensor> given,
      Map<TensorName, double[]> got,
      InputCase inputCase) {
    Problem alone = new Problem(part, problem.schedule(), problem.architecture(), problem.shapes());
    Map<TensorName, DenseTensor> inputs = inputs(part, given);
    Reference reference =
        Decisions.isOrder(part)
            ? Reference.ofOrder(alone, inputs)
            : Reference.of(alone, program, inputs, ALL);
    for (Tensor tensor : part.tensors()) {
      if (tensor.role() == Tensor.Role.OUTPUT) {
        comparisons.add(
            reference.compare(tensor, got.get(tensor.name()), inputCase, TailShapes.text(problem)));
      }
    }
  }

  private static DenseTensor tensor(Tensor tensor, Problem problem, double[] values) {
    long[] shape = tensor.ranks().stream().mapToLong(problem.shapes()::of).toArray();
    DenseTensor dense = new DenseTensor(shape, tensor.empty());
    Coordinates.forEach(shape, at -> dense.set(values[Coordinates.offset(shape, at)], at));
    return dense;
  }

  /** Values of all inputs; none when the case is no case here. */
  private Map<TensorName, DenseTensor> inputs(
      Problem problem, KernelProgram program, InputCase inputCase) {
    Map<TensorName, DenseTensor> exact =
        InputData.of(
            problem.cascade(),
            problem.shapes(),
            inputCase.kind(),
            options.seed(),
            ranges(problem, program, inputCase));
    Set<TensorName> tables = tables(program);
    Map<TensorName, DenseTensor> inputs = StoredInputs.of(exact, tables, options.format());
    return inputCase.hasSpecial()
        ? SpecialInputs.with(problem.cascade(), inputs, tables, inputCase.special())
        : inputs;
  }

  /** Ranges of the tables whose values the cascade leaves open, or may leave to this case. */
  private static Map<TensorName, InputData.IntegerRange> ranges(
      Problem problem, KernelProgram program, InputCase inputCase) {
    long largest =
        problem.cascade().tensors().stream()
            .flatMap(tensor -> tensor.ranks().stream())
            .mapToLong(problem.shapes()::of)
            .max()
            .orElse(1);
    long high = inputCase.largestEntry(largest);
    Map<TensorName, InputData.IntegerRange> ranges = new HashMap<>();
    Map<TensorName, Distribution> said = problem.cascade().distributions();
    tables(program).stream()
        .filter(table -> inputCase.isFree(Optional.ofNullable(said.get(table))))
        .forEach(table -> ranges.put(table, new InputData.IntegerRange(0, high)));
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
}
