package dev.weir.mapper.config;

import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
import dev.weir.mapper.config.ConfigNode.Mapping;
import dev.weir.mapper.config.ConfigNode.Scalar;
import dev.weir.mapper.config.ConfigNode.Sequence;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A value that is being read. Each accessor gives it as one type, or reports what it is instead and
 * gives nothing.
 *
 * @param file the file it stands in
 * @param path how to find it, such as {@code memories.DRAM.bandwidth}
 * @param key its key, or that of the list it stands in
 * @param keySpan where that key stands
 * @param node the value
 * @param diagnostics takes what is found
 */
public record Field(
    SourceFile file,
    String path,
    String key,
    Span keySpan,
    ConfigNode node,
    Diagnostics diagnostics) {

  public Span span() {
    return node.span();
  }

  public boolean isMapping() {
    return node instanceof Mapping;
  }

  /** As a mapping. */
  public Optional<Section> section() {
    return switch (node) {
      case Mapping mapping -> Optional.of(new Section(mapping.file(), path, mapping, diagnostics));
      case Sequence _, Scalar _ -> wrong("a mapping");
    };
  }

  /** As a list; the items have this value's key. */
  public Optional<List<Field>> items() {
    return switch (node) {
      case Sequence sequence -> Optional.of(itemsOf(sequence));
      case Mapping _, Scalar _ -> wrong("a list");
    };
  }

  private List<Field> itemsOf(Sequence sequence) {
    List<Field> items = new ArrayList<>();
    for (ConfigNode item : sequence.items()) {
      String inner = path + "[" + items.size() + "]";
      items.add(new Field(item.file(), inner, key, keySpan, item, diagnostics));
    }
    return items;
  }

  /** As a text that is not empty. Numbers are no texts: quote them. */
  public Optional<String> text() {
    if (node instanceof Scalar scalar
        && scalar.kind() == Scalar.Kind.TEXT
        && !scalar.text().isBlank()) {
      return Optional.of(scalar.text());
    }
    return wrong("a text");
  }

  /**
   * As a text of a given form.
   *
   * @param pattern regular expression of the whole text
   * @param expected what that is, in words
   */
  public Optional<String> text(String pattern, String expected) {
    if (node instanceof Scalar scalar
        && scalar.kind() == Scalar.Kind.TEXT
        && scalar.text().matches(pattern)) {
      return Optional.of(scalar.text());
    }
    return wrong(expected);
  }

  /** As one of some known texts. */
  public Optional<String> oneOf(List<String> known) {
    Optional<String> text = text();
    if (text.isPresent() && !known.contains(text.get())) {
      Misspelling.report(
          diagnostics, file, span(), "unknown " + key + " " + text.get(), text.get(), known);
      return Optional.empty();
    }
    return text;
  }

  /** As {@code true} or {@code false}. */
  public Optional<Boolean> flag() {
    if (node instanceof Scalar scalar && scalar.kind() == Scalar.Kind.BOOLEAN) {
      return Optional.of(scalar.text().equalsIgnoreCase("true"));
    }
    return wrong("true or false");
  }

  /** As a whole number within bounds, both included. */
  public Optional<Long> whole(long least, long most) {
    Optional<Long> value =
        node instanceof Scalar scalar && scalar.kind() == Scalar.Kind.INTEGER
            ? scalar
                .number()
                .map(BigDecimal::toBigIntegerExact)
                .filter(Field::fits)
                .map(BigInteger::longValueExact)
            : Optional.empty();
    return value.filter(v -> v >= least && v <= most).or(() -> wrong(wholeWithin(least, most)));
  }

  private static boolean fits(BigInteger value) {
    return value.bitLength() < Long.SIZE;
  }

  private static String wholeWithin(long least, long most) {
    return most == Long.MAX_VALUE
        ? "a whole number of at least " + least
        : "a whole number from " + least + " to " + most;
  }

  /** As a number without unit, greater than 0. */
  public Optional<Double> positive() {
    Optional<BigDecimal> number =
        node instanceof Scalar scalar ? scalar.number() : Optional.empty();
    return number
        .filter(n -> n.signum() > 0)
        .map(BigDecimal::doubleValue)
        .or(() -> wrong("a number above 0"));
  }

  /** As an exact quantity with its unit. */
  public Optional<Quantity> quantity(QuantityKind kind) {
    if (!(node instanceof Scalar scalar)) {
      return wrong(kind.expected());
    }
    return switch (Quantity.read(scalar.text(), kind)) {
      case Quantity.Read read -> Optional.of(read.quantity());
      case Quantity.Refused refused -> {
        String message =
            key + " " + refused.reason() + " (got " + got() + ", expected " + kind.expected() + ")";
        refused
            .fix()
            .ifPresentOrElse(
                fix -> diagnostics.error(file, span(), message, "write " + fix),
                () -> error(message));
        yield Optional.empty();
      }
    };
  }

  /** Reports an error about this value. */
  public void error(String message) {
    diagnostics.error(file, span(), message);
  }

  private <T> Optional<T> wrong(String expected) {
    error(key + " has a wrong value (got " + got() + ", expected " + expected + ")");
    return Optional.empty();
  }

  /** The value as a message shows it: short, on one line. */
  public String got() {
    return switch (node) {
      case Scalar scalar ->
          scalar.text().isBlank() ? "nothing" : shortened(scalar.text().strip().replace('\n', ' '));
      case Mapping _, Sequence _ -> node.what();
    };
  }

  private static String shortened(String text) {
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }
}
