package dev.weir.cli;

import dev.weir.einsum.source.Spelling;
import dev.weir.opencl.gpu.Target;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A target by the name that compilers know it by. */
final class TargetConverter implements ITypeConverter<Target> {

  @Override
  public Target convert(String written) {
    return Arrays.stream(Target.values())
        .filter(target -> target.toString().equals(written))
        .findFirst()
        .orElseThrow(() -> unknown(written));
  }

  private static TypeConversionException unknown(String written) {
    List<String> known = Arrays.stream(Target.values()).map(Target::toString).toList();
    return new TypeConversionException(
        "no such target (got %s, expected one of %s)%n    fix: %s"
            .formatted(
                written,
                String.join(", ", known),
                Spelling.nearest(written, known).orElse("leave out --target")));
  }
}
