package dev.weir.mapper.config;

import dev.weir.mapper.config.ConfigNode.Entry;
import dev.weir.mapper.config.ConfigNode.Mapping;
import dev.weir.mapper.config.ConfigNode.Scalar;
import dev.weir.mapper.config.ConfigNode.Sequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * A file in which one value is replaced, removed or renamed.
 *
 * @param what where and how
 * @param root what stands in it then
 */
public record Mutation(String what, ConfigNode root) {

  /** Every mutation of every value. */
  public static List<Mutation> all(ConfigNode root) {
    return of(root, "");
  }

  private static List<Mutation> of(ConfigNode node, String path) {
    List<Mutation> mutants = new ArrayList<>();
    replacements(node).forEach(r -> mutants.add(new Mutation(path + " as " + r, r)));
    switch (node) {
      case Mapping mapping -> {
        for (int i = 0; i < mapping.entries().size(); i++) {
          mutants.addAll(ofEntry(mapping, i, path));
        }
      }
      case Sequence sequence -> {
        for (int i = 0; i < sequence.items().size(); i++) {
          int at = i;
          for (Mutation inner : of(sequence.items().get(i), path + "[" + i + "]")) {
            mutants.add(
                new Mutation(
                    inner.what,
                    new Sequence(
                        with(sequence.items(), at, inner.root), sequence.file(), sequence.span())));
          }
        }
      }
      case Scalar _ -> {}
    }
    return mutants;
  }

  private static List<Mutation> ofEntry(Mapping mapping, int at, String path) {
    Entry entry = mapping.entries().get(at);
    String inside = path + "." + entry.key();
    List<Mutation> mutants = new ArrayList<>();
    for (Mutation inner : of(entry.value(), inside)) {
      Entry changed = new Entry(entry.key(), entry.keySpan(), inner.root);
      mutants.add(new Mutation(inner.what, mapping(mapping, with(mapping.entries(), at, changed))));
    }
    Entry renamed = new Entry("zzz", entry.keySpan(), entry.value());
    mutants.add(
        new Mutation(inside + " renamed", mapping(mapping, with(mapping.entries(), at, renamed))));
    List<Entry> fewer = new ArrayList<>(mapping.entries());
    fewer.remove(at);
    mutants.add(new Mutation(inside + " removed", mapping(mapping, fewer)));
    return mutants;
  }

  private static Mapping mapping(Mapping old, List<Entry> entries) {
    return new Mapping(entries, old.file(), old.span());
  }

  private static <T> List<T> with(List<T> list, int at, T changed) {
    List<T> copy = new ArrayList<>(list);
    copy.set(at, changed);
    return copy;
  }

  private static List<ConfigNode> replacements(ConfigNode node) {
    Scalar text = new Scalar("zzz", Scalar.Kind.TEXT, node.file(), node.span());
    return Stream.of(
            new Sequence(Collections.nCopies(2, text), node.file(), node.span()),
            new Mapping(List.of(), node.file(), node.span()),
            text,
            new Scalar("", Scalar.Kind.TEXT, node.file(), node.span()),
            new Scalar("", Scalar.Kind.NULL, node.file(), node.span()),
            new Scalar("7", Scalar.Kind.INTEGER, node.file(), node.span()),
            new Scalar("-1.5", Scalar.Kind.DECIMAL, node.file(), node.span()),
            new Scalar("true", Scalar.Kind.BOOLEAN, node.file(), node.span()),
            new Scalar("3 cycles", Scalar.Kind.TEXT, node.file(), node.span()),
            new Scalar("0 pJ", Scalar.Kind.TEXT, node.file(), node.span()),
            new Scalar("5 words", Scalar.Kind.TEXT, node.file(), node.span()),
            new Scalar("a.b", Scalar.Kind.TEXT, node.file(), node.span()))
        .map(ConfigNode.class::cast)
        .toList();
  }
}
