package dev.weir.mapper.config;

import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
import dev.weir.mapper.config.ConfigNode.Entry;
import dev.weir.mapper.config.ConfigNode.Mapping;
import dev.weir.mapper.config.ConfigNode.Scalar;
import dev.weir.mapper.config.ConfigNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns the written entries of a mapping into those it means: merge keys as in YAML 1.1 (the
 * mapping's own keys win, then the earlier of the merged mappings), duplicate keys refused.
 */
final class YamlEntries {

  /**
   * An entry before merging.
   *
   * @param plain whether the key was written without quotes: only such a {@code <<} merges
   */
  record Written(ConfigNode key, Span keySpan, boolean plain, ConfigNode value) {

    boolean merges() {
      return plain && key instanceof Scalar scalar && scalar.text().equals("<<");
    }
  }

  private final SourceFile file;
  private final Diagnostics diagnostics;

  YamlEntries(SourceFile file, Diagnostics diagnostics) {
    this.file = file;
    this.diagnostics = diagnostics;
  }

  List<Entry> resolve(List<Written> written) {
    Map<String, Entry> own = ownEntries(written);
    Map<String, Entry> all = new LinkedHashMap<>();
    Optional<Span> merged = Optional.empty();
    for (Written entry : written) {
      if (!entry.merges()) {
        name(entry).ifPresent(key -> all.putIfAbsent(key, own.get(key)));
        continue;
      }
      merged.ifPresent(
          first -> duplicate("<<", first, entry.keySpan(), "write <<: [*first, *second]"));
      merged = merged.or(() -> Optional.of(entry.keySpan()));
      for (Mapping source : mergedMappings(entry.value())) {
        for (Entry inherited : source.entries()) {
          if (!own.containsKey(inherited.key())) {
            all.putIfAbsent(inherited.key(), inherited);
          }
        }
      }
    }
    return List.copyOf(all.values());
  }

  private Map<String, Entry> ownEntries(List<Written> written) {
    Map<String, Entry> own = new LinkedHashMap<>();
    for (Written entry : written) {
      if (entry.merges()) {
        continue;
      }
      Optional<String> key = name(entry);
      if (key.isEmpty()) {
        diagnostics.error(
            file, entry.keySpan(), "not a key (got " + entry.key().what() + ", expected a name)");
        continue;
      }
      Entry first =
          own.putIfAbsent(key.get(), new Entry(key.get(), entry.keySpan(), entry.value()));
      if (first != null) {
        duplicate(key.get(), first.keySpan(), entry.keySpan(), "");
      }
    }
    return own;
  }

  private static Optional<String> name(Written entry) {
    return entry.key() instanceof Scalar scalar && scalar.kind() != Scalar.Kind.NULL
        ? Optional.of(scalar.text())
        : Optional.empty();
  }

  private void duplicate(String key, Span first, Span second, String fix) {
    String message =
        "key %s stands twice in one mapping (got it again, expected it only at line %d)"
            .formatted(key, file.line(first.start()));
    if (fix.isEmpty()) {
      diagnostics.error(file, second, message);
    } else {
      diagnostics.error(file, second, message, fix);
    }
  }

  private List<Mapping> mergedMappings(ConfigNode value) {
    return switch (value) {
      case Mapping mapping -> List.of(mapping);
      case Sequence sequence -> mappingsOf(sequence);
      case Scalar scalar -> {
        notMergeable(scalar);
        yield List.of();
      }
    };
  }

  private List<Mapping> mappingsOf(Sequence sequence) {
    List<Mapping> mappings = new ArrayList<>();
    for (ConfigNode item : sequence.items()) {
      if (item instanceof Mapping mapping) {
        mappings.add(mapping);
      } else {
        notMergeable(item);
      }
    }
    return mappings;
  }

  private void notMergeable(ConfigNode value) {
    diagnostics.error(
        file,
        value.span(),
        "<< cannot merge this (got "
            + value.what()
            + ", expected a mapping or a list of mappings)");
  }
}
