package dev.weir.cli;

import dev.weir.einsum.source.Spelling;
import dev.weir.opencl.kernel.NumberFormat;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** In which format kernels store and compute numbers. */
final class PrecisionOption {

  @Option(
      names = "--precision",
      paramLabel = "PRECISION",
      converter = Converter.class,
      description = {
        "Of the kernel's numbers: fp32; fp16, half precision in global memory and single precision",
        "elsewhere; or fp64, which needs a device with cl_khr_fp64. fp32 if left out."
      })
  private Optional<NumberFormat> format = Optional.empty();

  NumberFormat format() {
    return format.orElse(NumberFormat.SINGLE);
  }

  boolean isGiven() {
    return format.isPresent();
  }

  /** A format by its short name. */
  static final class Converter implements ITypeConverter<NumberFormat> {

    @Override
    public NumberFormat convert(String written) {
      return Arrays.stream(NumberFormat.values())
          .filter(format -> format.text().equals(written))
          .findFirst()
          .orElseThrow(() -> unknown(written));
    }

    private static TypeConversionException unknown(String written) {
      List<String> known = Arrays.stream(NumberFormat.values()).map(NumberFormat::text).toList();
      return new TypeConversionException(
          "no such precision (got %s, expected one of %s)%n    fix: %s"
              .formatted(
                  written,
                  String.join(", ", known),
                  Spelling.nearest(written, known).orElse("leave it out for fp32")));
    }
  }
}
