package dev.weir.einsum.check;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.source.Spelling;
import dev.weir.einsum.syntax.Statement;
import dev.weir.einsum.syntax.Term;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which names here stand for inputs, outputs and ranks of a used cascade. */
final class Bindings {

  private final Statement.Use use;
  private final UsedCascade used;
  private final Collection<String> ranksHere;
  private final Collection<String> tensorsHere;
  private final Findings findings;
  private final Map<String, String> tensors = new LinkedHashMap<>();
  private final Map<RankName, RankName> ranks = new LinkedHashMap<>();

  Bindings(
      Statement.Use use,
      UsedCascade used,
      Collection<String> ranksHere,
      Collection<String> tensorsHere,
      Findings findings) {
    this.use = use;
    this.used = used;
    this.ranksHere = ranksHere;
    this.tensorsHere = tensorsHere;
    this.findings = findings;
  }

  /** All names; nothing when one is wrong, which is reported. */
  Optional<Renaming> read() {
    int before = findings.errors();
    Set<String> seen = new HashSet<>();
    for (Statement.Binding binding : use.bindings()) {
      if (!seen.add(binding.there().text())) {
        findings.error(
            binding.there().span(),
            "%s has a name here already (got a second one, expected one)"
                .formatted(binding.there().text()));
      } else {
        bind(binding);
      }
    }
    boolean isEachKnown = findings.errors() == before;
    String prefix = use.prefix().map(Term.Name::text).orElse(used.name()) + "_";
    for (Tensor tensor : used.cascade().tensors()) {
      String name = tensor.name().text();
      if (tensor.role() != Tensor.Role.INPUT) {
        tensors.putIfAbsent(name, prefix + name);
      } else if (!tensors.containsKey(name) && isEachKnown) {
        inputOfTheSameName(tensor);
      }
    }
    checkRanksStayApart();
    return findings.errors() == before
        ? Optional.of(
            new Renaming(used.scope(), tensors, ranks, prefix, List.of(), use.source().span()))
        : Optional.empty();
  }

  private void bind(Statement.Binding binding) {
    String there = binding.there().text();
    String here = binding.here().text();
    boolean isRank = used.scope().rankOfShape(there).isPresent();
    if (used.tensor(there, Tensor.Role.INPUT).isPresent()) {
      tensors.put(there, here);
      expectOneOf(tensorsHere, binding.here(), "unknown tensor");
    } else if (used.tensor(there, Tensor.Role.OUTPUT).isPresent()) {
      tensors.put(there, here);
    } else if (isRank) {
      ranks.put(new RankName(there), RankName.ofVariable(here));
      expectOneOf(ranksHere, binding.here(), "unknown rank");
    } else {
      List<String> known = bindable();
      findings.error(
          binding.there().span(),
          "%s has no such input, output or rank (got %s, expected one of %s)"
              .formatted(used.name(), there, String.join(", ", known)),
          Spelling.nearest(there, known));
    }
  }

  private void expectOneOf(Collection<String> known, Term.Name here, String what) {
    if (!known.contains(here.text()) && !findings.isExcused(here.text())) {
      findings.error(
          here.span(),
          "%s (got %s, expected %s)".formatted(what, here.text(), ScopeReader.oneOf(known)),
          Spelling.nearest(here.text(), known));
    }
  }

  /** Names that may be given here; those that are not given yet come first. */
  private List<String> bindable() {
    Set<String> given = new HashSet<>();
    use.bindings().forEach(binding -> given.add(binding.there().text()));
    Set<String> known = new LinkedHashSet<>();
    used.tensors(Tensor.Role.INPUT).forEach(tensor -> known.add(tensor.name().text()));
    used.tensors(Tensor.Role.OUTPUT).forEach(tensor -> known.add(tensor.name().text()));
    used.scope().ranks().keySet().forEach(rank -> known.add(rank.text()));
    List<String> free = new ArrayList<>(known);
    free.removeAll(given);
    return free;
  }

  private void inputOfTheSameName(Tensor input) {
    String name = input.name().text();
    tensors.put(name, name);
    if (!tensorsHere.contains(name) && !findings.isExcused(name)) {
      findings.error(
          use.source().span(),
          "%s reads %s, which nothing here is given for (got no tensor %s, expected %s = one of %s)"
              .formatted(used.name(), name, name, name, String.join(", ", tensorsHere)));
    }
  }

  private void checkRanksStayApart() {
    Map<RankName, RankName> meaning = new HashMap<>();
    for (RankName rank : used.scope().ranks().keySet()) {
      RankName here = ranks.getOrDefault(rank, rank);
      RankName other = meaning.putIfAbsent(here, rank);
      if (other != null) {
        findings.error(
            use.source().span(),
            "ranks of %s fall together (got %s for both %s and %s, expected two ranks: declare"
                    .formatted(used.name(), here, other, rank)
                + " 'ranks X = %s' for the second one)".formatted(here));
      }
    }
  }
}
