package dev.weir.mapper.arch;

import dev.weir.einsum.source.Span;
import dev.weir.mapper.config.ConfigNode;
import dev.weir.mapper.config.Field;
import dev.weir.mapper.config.Misspelling;
import dev.weir.mapper.config.Section;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Names of parts of an architecture: their form, that there is one of each, references to them. */
final class Names {

  static final String SIMPLE = "[A-Za-z][A-Za-z0-9_]*";
  static final String SIMPLE_WORDS = "a name: a letter, then letters, digits and underscores";
  static final String DOTTED = SIMPLE + "\\." + SIMPLE;
  static final String FILE_LIKE = "[A-Za-z][A-Za-z0-9_.-]*";
  static final String FILE_LIKE_WORDS = "a name: a letter, then letters, digits, _ - and .";

  private Names() {}

  /** The name of a section, when it is a good one; nothing is reported. */
  static Optional<String> peek(Section section) {
    return section
        .mapping()
        .entry("name")
        .map(ConfigNode.Entry::value)
        .filter(ConfigNode.Scalar.class::isInstance)
        .map(value -> ((ConfigNode.Scalar) value).text())
        .filter(text -> text.matches(SIMPLE));
  }

  /**
   * Names of the sections; none when one of them has no good name, which is reported, and may be
   * what an unknown reference means.
   */
  static List<String> of(List<Section> sections) {
    if (sections.stream().anyMatch(section -> peek(section).isEmpty())) {
      return List.of();
    }
    return sections.stream().flatMap(section -> peek(section).stream()).distinct().toList();
  }

  /** Reports every section whose name is missing, malformed or taken. */
  static void checkUnique(List<Section> sections, String what) {
    Map<String, Span> first = new HashMap<>();
    for (Section section : sections) {
      Optional<Field> field = section.required("name");
      Optional<String> name = field.flatMap(f -> f.text(SIMPLE, SIMPLE_WORDS));
      if (name.isPresent()) {
        Span span = field.orElseThrow().span();
        Span earlier = first.putIfAbsent(name.get(), span);
        if (earlier != null) {
          section.error(
              span,
              "%s %s stands twice (got it again, expected it only at line %d)"
                  .formatted(what, name.get(), section.file().line(earlier.start())));
        }
      }
    }
  }

  /**
   * The texts of a list of references, those that are known; others are reported, unless nothing is
   * known, which has then been reported itself.
   */
  static Set<String> references(Field list, String what, List<String> known) {
    Set<String> names = new LinkedHashSet<>();
    for (Field item : list.items().orElse(List.of())) {
      Optional<String> text = item.text().filter(t -> !known.isEmpty());
      text.flatMap(t -> reference(item, t, what, known)).ifPresent(names::add);
    }
    return names;
  }

  /** A reference to something that must be known. */
  static Optional<String> reference(Field field, String text, String what, List<String> known) {
    if (known.contains(text)) {
      return Optional.of(text);
    }
    Misspelling.report(
        field.diagnostics(),
        field.file(),
        field.span(),
        "unknown " + what + " " + text,
        text,
        new ArrayList<>(known));
    return Optional.empty();
  }
}
