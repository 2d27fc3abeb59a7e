package dev.weir.cli;

import dev.weir.einsum.source.Spelling;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A format by its name, in lower or upper case. */
final class FormatConverter implements ITypeConverter<OutputFormat> {

  @Override
  public OutputFormat convert(String written) {
    String name = written.toLowerCase(Locale.ROOT);
    return Arrays.stream(OutputFormat.values())
        .filter(format -> format.toString().equals(name))
        .findFirst()
        .orElseThrow(() -> unknown(written, name));
  }

  private static TypeConversionException unknown(String written, String name) {
    List<String> known = Arrays.stream(OutputFormat.values()).map(OutputFormat::toString).toList();
    return new TypeConversionException(
        "no such format (got %s, expected one of %s)%n    fix: --format %s"
            .formatted(
                written,
                String.join(", ", known),
                Spelling.nearest(name, known).orElse(known.getFirst())));
  }
}
