package dev.weir.mapper.config;

import static java.util.Objects.requireNonNull;

import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A value of a configuration file and where it stands. Aliases and merge keys are already resolved:
 * what an alias brings in keeps the position at which it was written.
 */
public sealed interface ConfigNode {

  /** The file that it stands in; a value may come from another than the one around it. */
  SourceFile file();

  /** Where the value stands in the file. */
  Span span();

  /** What a person calls such a value, as in "a mapping". */
  String what();

  /**
   * Keys and their values in the order of the file; merged entries stand where their {@code <<}
   * stood.
   *
   * @param entries no two with the same key
   */
  record Mapping(List<Entry> entries, SourceFile file, Span span) implements ConfigNode {

    public Mapping {
      entries = List.copyOf(entries);
      requireNonNull(file, "file");
      requireNonNull(span, "span");
    }

    /** The entry with a key. */
    public Optional<Entry> entry(String key) {
      return entries.stream().filter(entry -> entry.key().equals(key)).findFirst();
    }

    /** The keys in order. */
    public List<String> keys() {
      return entries.stream().map(Entry::key).toList();
    }

    @Override
    public String what() {
      return "a mapping";
    }
  }

  /** A key with its value, both in the same file. */
  record Entry(String key, Span keySpan, ConfigNode value) {}

  /** A list of values. */
  record Sequence(List<ConfigNode> items, SourceFile file, Span span) implements ConfigNode {

    public Sequence {
      items = List.copyOf(items);
      requireNonNull(file, "file");
      requireNonNull(span, "span");
    }

    @Override
    public String what() {
      return "a list";
    }
  }

  /**
   * A single value.
   *
   * @param text as it was written, without quotes and with escapes resolved
   * @param kind what YAML 1.2 (core schema) takes it for
   */
  record Scalar(String text, Kind kind, SourceFile file, Span span) implements ConfigNode {

    /** What a scalar is taken for; anything quoted is a text. */
    public enum Kind {
      TEXT,
      INTEGER,
      DECIMAL,
      BOOLEAN,
      NULL
    }

    public Scalar {
      requireNonNull(text, "text");
      requireNonNull(kind, "kind");
      requireNonNull(file, "file");
      requireNonNull(span, "span");
    }

    /** The exact number; empty when this is none or when it is infinite or not a number. */
    public Optional<BigDecimal> number() {
      boolean finite = !text.endsWith("inf") && !text.toLowerCase(Locale.ROOT).endsWith("nan");
      return switch (kind) {
        case INTEGER -> Optional.of(new BigDecimal(integer()));
        case DECIMAL -> finite ? Optional.of(new BigDecimal(text)) : Optional.empty();
        case TEXT, BOOLEAN, NULL -> Optional.empty();
      };
    }

    private BigInteger integer() {
      if (text.startsWith("0x")) {
        return new BigInteger(text.substring(2), 16);
      }
      return text.startsWith("0o") ? new BigInteger(text.substring(2), 8) : new BigInteger(text);
    }

    @Override
    public String what() {
      return switch (kind) {
        case TEXT -> "a text";
        case INTEGER, DECIMAL -> "a number";
        case BOOLEAN -> "true or false";
        case NULL -> "nothing";
      };
    }
  }
}
