package dev.weir.mapper.config;

import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
import dev.weir.einsum.source.Spelling;
import dev.weir.mapper.config.ConfigNode.Mapping;
import java.util.List;
import java.util.Optional;

/**
 * A mapping that is being read. Mistakes are reported where they stand; reading goes on with an
 * empty result, so that one look shows all of them.
 *
 * @param file the file it stands in
 * @param path how to find it, such as {@code memories.DRAM}; empty for the whole file
 * @param mapping what is read
 * @param diagnostics takes what is found
 */
public record Section(SourceFile file, String path, Mapping mapping, Diagnostics diagnostics) {

  /** The same mapping by another path, when what it holds gives it a name. */
  public Section called(String newPath) {
    return new Section(file, newPath, mapping, diagnostics);
  }

  /** Reports every key that is not among these, with the nearest of them. */
  public void allowOnly(List<String> keys) {
    for (ConfigNode.Entry entry : mapping.entries()) {
      String what = "unknown key " + entry.key();
      SourceFile place = entry.value().file();
      if (!keys.contains(entry.key()) && !isSaid(place, entry.keySpan(), what)) {
        Misspelling.report(diagnostics, place, entry.keySpan(), what + within(), entry.key(), keys);
      }
    }
  }

  public boolean has(String key) {
    return mapping.entry(key).isPresent();
  }

  /** The value of a key that may be missing. */
  public Optional<Field> optional(String key) {
    return mapping.entry(key).map(this::field);
  }

  /** The value of a key; its absence is reported, unless that of a misspelt one has been. */
  public Optional<Field> required(String key) {
    Optional<Field> field = optional(key);
    String what = "missing key " + key;
    if (field.isEmpty() && !isMisspelt(key) && !isSaid(file, mapping.span(), what)) {
      String got = mapping.entries().isEmpty() ? "no keys" : String.join(", ", mapping.keys());
      error(mapping.span(), what + within() + " (got " + got + ", expected also " + key + ")");
    }
    return field;
  }

  private boolean isMisspelt(String key) {
    return mapping.entries().stream()
        .filter(entry -> Spelling.nearest(entry.key(), List.of(key)).isPresent())
        .anyMatch(
            entry -> isSaid(entry.value().file(), entry.keySpan(), "unknown key " + entry.key()));
  }

  /** A mapping with an anchor is read once for each place that it stands for. */
  private boolean isSaid(SourceFile place, Span span, String what) {
    return diagnostics.sorted().stream()
        .anyMatch(
            found ->
                found.file().equals(place)
                    && found.span().equals(span)
                    && found.message().startsWith(what + " "));
  }

  /** All values, in order. */
  public List<Field> fields() {
    return mapping.entries().stream().map(this::field).toList();
  }

  /** Reports an error about a place in this section. */
  public void error(Span span, String message) {
    diagnostics.error(file, span, message);
  }

  private Field field(ConfigNode.Entry entry) {
    String inner = path.isEmpty() ? entry.key() : path + "." + entry.key();
    return new Field(
        entry.value().file(), inner, entry.key(), entry.keySpan(), entry.value(), diagnostics);
  }

  private String within() {
    return path.isEmpty() ? "" : " in " + path;
  }
}
