package dev.weir.opencl.gate;

import dev.weir.opencl.example.RandomText;
import dev.weir.opencl.runtime.Device;
import dev.weir.opencl.runtime.DeviceSearch;
import dev.weir.opencl.runtime.DeviceSession;
import dev.weir.opencl.validate.Comparison;
import dev.weir.opencl.validate.InputCase;
import dev.weir.opencl.validate.KernelValidator;
import dev.weir.opencl.validate.ValidationOptions;
import dev.weir.opencl.validate.ValidationReport;
import java.io.IOException;
import java.util.Set;
import java.util.TreeMap;

/** Validates kernels of random problems on the first device there is. */
final class RandomRun {

  private static final ValidationOptions OPTIONS =
      new ValidationOptions(
          Set.of(InputCase.RANDOM, InputCase.TIES, InputCase.MASKED), false, 32, 0, 1);

  private RandomRun() {}

  /**
   * Entry point.
   *
   * @param arguments first seed, and how many
   */
  public static void main(String[] arguments) throws IOException {
    long first = Long.parseLong(arguments[0]);
    long count = Long.parseLong(arguments[1]);
    try (DeviceSession session = DeviceSession.open()) {
      Device device = ((DeviceSearch.Found) session.devices()).devices().getFirst();
      System.out.println(run(session, device, first, count));
    }
  }

  /** Counts what became of the problems, and says which were wrong. */
  static String run(DeviceSession session, Device device, long first, long count)
      throws IOException {
    StringBuilder wrong = new StringBuilder();
    TreeMap<String, Integer> refusals = new TreeMap<>();
    long right = 0;
    long unchecked = 0;
    for (long seed = first; seed < first + count; seed++) {
      RandomText text = RandomText.legal(seed);
      switch (KernelValidator.validate(text.problem(), session, device, OPTIONS)) {
        case ValidationReport.Refused refused ->
            refusals.merge(refused.reason().replaceAll("[0-9]+", "#"), 1, Integer::sum);
        case ValidationReport.NotBuilt failed ->
            wrong.append(
                "seed %d: %s%n%s%n%s%n".formatted(seed, failed.reason(), failed.log(), text));
        case ValidationReport.Checked checked -> {
          boolean fails =
              checked.comparisons().stream()
                  .anyMatch(c -> c.verdict() instanceof Comparison.Verdict.Fail);
          Oclgrind.printLog();
          if (fails) {
            wrong.append("seed %d: %s%n%s%n".formatted(seed, checked.comparisons(), text));
          } else if (checked.passed()) {
            right++;
          } else {
            unchecked++;
          }
        }
      }
    }
    return wrong + "refused " + refusals + "\nunchecked " + unchecked + "\nright " + right;
  }
}
