package dev.weir.mapper.config;

import dev.weir.mapper.config.ConfigNode.Entry;
import dev.weir.mapper.config.ConfigNode.Mapping;
import dev.weir.mapper.config.ConfigNode.Scalar;
import dev.weir.mapper.config.ConfigNode.Sequence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lays one file over another: mappings key by key, lists of mappings with names by name, anything
 * else as a whole. What is new follows what was there. Every value keeps the file and the place at
 * which it was written.
 */
public final class Overlay {

  private static final String NAME = "name";
  private static final String SOURCE = "source";

  private Overlay() {}

  /** The values of {@code base} where {@code over} has none of its own. */
  public static ConfigNode of(ConfigNode base, ConfigNode over) {
    return switch (over) {
      case Mapping upper when base instanceof Mapping lower -> mapping(lower, upper);
      case Sequence upper when base instanceof Sequence lower && areNamed(upper, lower) ->
          named(lower, upper);
      case Mapping _, Sequence _, Scalar _ -> over;
    };
  }

  private static Mapping mapping(Mapping base, Mapping over) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    base.entries().forEach(entry -> entries.put(entry.key(), entry));
    for (Entry upper : over.entries()) {
      Entry lower = entries.get(upper.key());
      ConfigNode value = lower == null ? upper.value() : value(upper.key(), lower, upper);
      entries.put(upper.key(), new Entry(upper.key(), upper.keySpan(), value));
    }
    return new Mapping(List.copyOf(entries.values()), over.file(), over.span());
  }

  /** Of a number that is inherited the source must stay, so sources add up. */
  private static ConfigNode value(String key, Entry lower, Entry upper) {
    if (key.equals(SOURCE)
        && lower.value() instanceof Scalar base
        && upper.value() instanceof Scalar over
        && isText(base)
        && isText(over)
        && !base.text().equals(over.text())) {
      return new Scalar(
          over.text() + "; else " + base.text(), over.kind(), over.file(), over.span());
    }
    return of(lower.value(), upper.value());
  }

  private static boolean isText(Scalar scalar) {
    return scalar.kind() == Scalar.Kind.TEXT && !scalar.text().isBlank();
  }

  private static boolean areNamed(Sequence over, Sequence base) {
    return over.items().stream().allMatch(item -> name(item).isPresent())
        && base.items().stream().allMatch(item -> name(item).isPresent());
  }

  private static Optional<String> name(ConfigNode item) {
    return item instanceof Mapping mapping
        ? mapping
            .entry(NAME)
            .map(Entry::value)
            .filter(Scalar.class::isInstance)
            .map(value -> ((Scalar) value).text())
        : Optional.empty();
  }

  /** A name that stands twice in the upper list is not merged twice: its reader shall see it. */
  private static Sequence named(Sequence base, Sequence over) {
    List<ConfigNode> items = new ArrayList<>(base.items());
    Set<String> seen = new HashSet<>();
    for (ConfigNode upper : over.items()) {
      Optional<String> name = name(upper);
      Optional<ConfigNode> lower =
          base.items().stream().filter(item -> name(item).equals(name)).findFirst();
      if (lower.isPresent() && seen.add(name.orElseThrow())) {
        items.set(base.items().indexOf(lower.get()), of(lower.get(), upper));
      } else {
        items.add(upper);
      }
    }
    return new Sequence(items, over.file(), over.span());
  }
}
