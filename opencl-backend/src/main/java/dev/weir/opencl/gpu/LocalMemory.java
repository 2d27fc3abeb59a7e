package dev.weir.opencl.gpu;

import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.Kernel;
import dev.weir.opencl.kernel.KernelProgram;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says which arrays take the local memory of a kernel that does not compile for lack of it. */
final class LocalMemory {

  private static final int NAMED = 4;

  private LocalMemory() {}

  /** The failure, with what must be smaller where some kernel has too much local memory. */
  static TargetResult.Failed explained(TargetResult.Failed failed, KernelProgram program) {
    long most = failed.target().limits().groupLocalBytes();
    Optional<Kernel> large =
        program.kernels().stream().filter(kernel -> kernel.localBytes() > most).findFirst();
    return large
        .map(
            kernel ->
                new TargetResult.Failed(
                    failed.target(),
                    "%s takes %s of local memory a work-group, and %s has %s"
                        .formatted(
                            kernel.name(),
                            kibibytes(kernel.localBytes()),
                            failed.target(),
                            kibibytes(most)),
                    failed.log(),
                    Optional.of(fix(kernel, program, most))))
        .orElse(failed);
  }

  private static String fix(Kernel kernel, KernelProgram program, long most) {
    List<Array> largestFirst =
        kernel.localArrays().stream()
            .sorted(Comparator.comparingLong(Array::bytes).reversed())
            .limit(NAMED)
            .toList();
    String smaller =
        "make tiles kept in local memory smaller, the largest of them first: "
            + largestFirst.stream()
                .map(array -> array.name() + " " + kibibytes(array.bytes()))
                .collect(Collectors.joining(", "));
    boolean fitsInSingle = program.needsDoubles() && kernel.localBytes() / 2 <= most;
    return fitsInSingle ? "--precision fp32 needs half of it; or " + smaller : smaller;
  }

  private static String kibibytes(long bytes) {
    return bytes % 1024 == 0
        ? bytes / 1024 + " KiB"
        : String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0);
  }
}
