package dev.weir.simulator.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.source.SourceFile;
import dev.weir.mapper.model.mutants.Killers;
import dev.weir.mapper.model.mutants.Mutant;
import dev.weir.mapper.model.mutants.MutantCompiler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Whether the comparisons with interpreter, cost model, sums over all iterations, the other engine
 * and runs worked out by hand notice when the engine of tiles is wrong: every mutant, compiled and
 * loaded apart, must answer wrongly to some problem of a small corpus.
 */
class MutantTest {

  private static final Path SOURCES = Path.of("src/main/java/dev/weir/simulator");

  /** Enough to outlast changes of what the seeds mean. */
  private static final long SEEDS = 40;

  /** A list of mutants and how many there are at least. */
  private record Listed(String name, int least) {}

  private static final List<Listed> LISTS =
      List.of(
          new Listed("engine", 25),
          new Listed("machine", 25),
          new Listed("component", 12),
          new Listed("state", 12),
          new Listed("skew", 8));

  /** For one problem; an endless loop is a fault that shows, too. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** What becomes of a mutant, and the number of the problem that shows it; -1 if none does. */
  private record Verdict(Fate fate, int problem) {}

  @Test
  void everyMutantIsKilled() {
    Map<Mutant, String> mutants = new LinkedHashMap<>();
    for (Listed list : LISTS) {
      List<Mutant> all = Mutant.read(text(list.name()), false);
      assertThat(all).as(list.name()).hasSizeGreaterThanOrEqualTo(list.least());
      all.forEach(mutant -> mutants.put(mutant, list.name()));
    }
    assertThat(mutants.keySet()).extracting(Mutant::id).doesNotHaveDuplicates();
    Corpus corpus =
        new Corpus(SEEDS, text("killers").lines().filter(l -> !l.startsWith("#")).toList());

    Map<Mutant, Verdict> verdicts = verdicts(mutants.keySet().stream().toList(), corpus);

    System.out.println(summary(mutants, verdicts));
    assertThat(mutants.keySet())
        .filteredOn(mutant -> verdicts.get(mutant).fate() == Fate.SURVIVED)
        .as("mutants that survive %d problems", corpus.size())
        .isEmpty();
    LoadedSimulator original = new LoadedSimulator(Map.of());
    assertThat(corpus.known())
        .filteredOn(reference -> reference.judge(original, true).isPresent())
        .as("problems about which the simulator itself is wrong")
        .extracting(Reference::name)
        .isEmpty();
  }

  private static String text(String name) {
    return SourceFile.read(Path.of("src/test/resources/dev/weir/simulator/mutants", name + ".txt"))
        .text();
  }

  /** Faults of a class show in the same few problems, so these come first for the next one. */
  private static Map<Mutant, Verdict> verdicts(List<Mutant> mutants, Corpus corpus) {
    Map<String, Killers> killers = new HashMap<>();
    Map<Mutant, Verdict> verdicts = new HashMap<>();
    try (MutantCompiler compiler = new MutantCompiler()) {
      for (Mutant mutant : mutants) {
        Killers ofClass = killers.computeIfAbsent(mutant.type(), _ -> new Killers());
        verdicts.put(mutant, verdict(mutant, compiler, corpus, ofClass));
      }
    }
    return verdicts;
  }

  private static Map<String, byte[]> compiled(Mutant mutant, MutantCompiler compiler) {
    String path = mutant.type().replace('.', '/') + ".java";
    try {
      return compiler.compile(
          LoadedSimulator.PACKAGE + mutant.type(),
          mutant.in(SourceFile.read(SOURCES.resolve(path)).text()));
    } catch (IllegalArgumentException failure) {
      throw new IllegalArgumentException(mutant + ": " + failure.getMessage(), failure);
    }
  }

  private static Verdict verdict(
      Mutant mutant, MutantCompiler compiler, Corpus corpus, Killers killers) {
    Map<String, byte[]> classes = compiled(mutant, compiler);
    // Both engines run on the same components, so these they cannot tell to be wrong.
    boolean asksOtherEngine = !mutant.type().startsWith("component.");
    List<Integer> order = killers.order(corpus.size());
    List<Verdict> found = new ArrayList<>();
    AtomicInteger tried = new AtomicInteger();
    Thread judge =
        Thread.ofPlatform()
            .daemon()
            .start(
                () ->
                    found.add(
                        judged(
                            new LoadedSimulator(classes), corpus, order, asksOtherEngine, tried)));
    Verdict verdict = awaited(judge, tried) ? found.getFirst() : new Verdict(Fate.TIME_OUT, -1);
    killers.add(verdict.problem());
    return verdict;
  }

  private static Verdict judged(
      LoadedSimulator simulator,
      Corpus corpus,
      List<Integer> order,
      boolean asksOtherEngine,
      AtomicInteger tried) {
    for (int number : order) {
      tried.incrementAndGet();
      var fate = corpus.get(number).judge(simulator, asksOtherEngine);
      if (fate.isPresent()) {
        return new Verdict(fate.get(), number);
      }
    }
    return new Verdict(Fate.SURVIVED, -1);
  }

  /** Whether a judge comes to an end: it does not when it stays at one problem for too long. */
  private static boolean awaited(Thread judge, AtomicInteger tried) {
    try {
      int before = tried.get();
      while (!judge.join(PATIENCE)) {
        if (tried.get() == before) {
          judge.interrupt();
          return false;
        }
        before = tried.get();
      }
      return true;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private static String summary(Map<Mutant, String> lists, Map<Mutant, Verdict> verdicts) {
    Map<String, Map<String, Long>> byList =
        lists.keySet().stream()
            .collect(
                Collectors.groupingBy(
                    lists::get,
                    TreeMap::new,
                    Collectors.groupingBy(
                        mutant -> verdicts.get(mutant).fate().text(),
                        TreeMap::new,
                        Collectors.counting())));
    Stream<String> lines = byList.entrySet().stream().map(e -> e.getKey() + " " + e.getValue());
    return "%d mutants: %s".formatted(lists.size(), lines.collect(Collectors.joining(", ")));
  }
}
