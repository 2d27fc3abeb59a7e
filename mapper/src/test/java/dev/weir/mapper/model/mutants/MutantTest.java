package dev.weir.mapper.model.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.source.SourceFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Whether the comparisons with interpreter and walk notice when the cost model is wrong: every
 * mutant, compiled and loaded apart, must answer wrongly to some problem of a small corpus. One of
 * programs of plans must do so when such a program runs.
 */
class MutantTest {

  private static final Path SOURCES = Path.of("src/main/java/dev/weir/mapper/model");
  private static final List<String> LISTS =
      List.of("counts", "conditions", "tables", "sizes", "tree", "time", "pipelines", "skips");

  /** Their mutants show in programs of plans only. */
  private static final List<String> OF_PROGRAMS = List.of("compiled", "compiled-flows");

  private static final int LEAST = 100;

  /** For one problem; an endless loop is a fault that shows, too. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** What becomes of a mutant, and the number of the problem that shows it; -1 if none does. */
  private record Verdict(Fate fate, int problem) {}

  @Test
  void everyMutantIsKilled() {
    List<Mutant> mutants = mutants();
    assertThat(mutants).hasSizeGreaterThanOrEqualTo(LEAST);
    assertThat(mutants).extracting(Mutant::id).doesNotHaveDuplicates();
    Corpus corpus = new Corpus(text("killers").lines().filter(l -> !l.startsWith("#")).toList());

    Map<Mutant, Verdict> verdicts = verdicts(mutants, corpus);

    System.out.println(summary(verdicts));
    assertThat(mutants)
        .filteredOn(mutant -> verdicts.get(mutant).fate() == Fate.SURVIVED)
        .as("mutants that survive %d problems", corpus.size())
        .isEmpty();
    LoadedModel original = new LoadedModel(new ModelLoader(Map.of()));
    assertThat(corpus.known())
        .filteredOn(
            reference ->
                reference.judge(original).isPresent()
                    || reference.judgeProgram(original).isPresent())
        .as("problems about which the model itself is wrong")
        .extracting(Reference::name)
        .isEmpty();
  }

  private static List<Mutant> mutants() {
    return Stream.concat(mutants(LISTS, false), mutants(OF_PROGRAMS, true)).toList();
  }

  private static Stream<Mutant> mutants(List<String> lists, boolean inPrograms) {
    return lists.stream().flatMap(list -> Mutant.read(text(list), inPrograms).stream());
  }

  private static String text(String name) {
    return SourceFile.read(
            Path.of("src/test/resources/dev/weir/mapper/model/mutants", name + ".txt"))
        .text();
  }

  /** Each worker has a compiler of its own and takes all mutants of a class at a time. */
  private static Map<Mutant, Verdict> verdicts(List<Mutant> mutants, Corpus corpus) {
    ConcurrentLinkedQueue<List<Mutant>> waiting = new ConcurrentLinkedQueue<>(byClass(mutants));
    Map<Mutant, Verdict> verdicts = new ConcurrentHashMap<>();
    IntStream.range(0, Runtime.getRuntime().availableProcessors())
        .parallel()
        .forEach(
            _ -> {
              try (MutantCompiler compiler = new MutantCompiler()) {
                for (List<Mutant> next = waiting.poll(); next != null; next = waiting.poll()) {
                  Killers killers = new Killers();
                  for (Mutant mutant : next) {
                    verdicts.put(mutant, verdict(mutant, compiler, corpus, killers));
                  }
                }
              }
            });
    return verdicts;
  }

  /** The class with most mutants first, so that no worker is left with a long list at the end. */
  private static List<List<Mutant>> byClass(List<Mutant> mutants) {
    return mutants.stream()
        .collect(Collectors.groupingBy(Mutant::type, TreeMap::new, Collectors.toList()))
        .values()
        .stream()
        .sorted(Comparator.<List<Mutant>>comparingInt(List::size).reversed())
        .toList();
  }

  private static Map<String, byte[]> compiled(Mutant mutant, MutantCompiler compiler) {
    String source = SourceFile.read(SOURCES.resolve(mutant.type() + ".java")).text();
    try {
      return compiler.compile(ModelLoader.name(mutant.type()), mutant.in(source));
    } catch (IllegalArgumentException failure) {
      throw new IllegalArgumentException(mutant + ": " + failure.getMessage(), failure);
    }
  }

  /** The first problem that shows a fault, and how. */
  private static Verdict verdict(
      Mutant mutant, MutantCompiler compiler, Corpus corpus, Killers killers) {
    Map<String, byte[]> classes = compiled(mutant, compiler);
    BiFunction<Reference, LoadedModel, Optional<Fate>> judgement =
        mutant.inPrograms() ? Reference::judgeProgram : Reference::judge;
    List<Verdict> found = new ArrayList<>();
    AtomicInteger tried = new AtomicInteger();
    Thread judge =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  LoadedModel model = new LoadedModel(new ModelLoader(classes));
                  List<Integer> order = killers.order(corpus.size());
                  found.add(
                      judged(number -> judgement.apply(corpus.get(number), model), order, tried));
                });
    Verdict verdict = awaited(judge, tried) ? found.getFirst() : new Verdict(Fate.TIME_OUT, -1);
    killers.add(verdict.problem());
    return verdict;
  }

  /** Whether a judge comes to an end: it does not when it stays at one problem for too long. */
  private static boolean awaited(Thread judge, AtomicInteger tried) {
    try {
      int before = tried.get();
      while (!judge.join(PATIENCE)) {
        if (tried.get() == before) {
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

  private static Verdict judged(
      IntFunction<Optional<Fate>> judgement, List<Integer> order, AtomicInteger tried) {
    for (int number : order) {
      tried.incrementAndGet();
      Optional<Fate> fate = judgement.apply(number);
      if (fate.isPresent()) {
        return new Verdict(fate.get(), number);
      }
    }
    return new Verdict(Fate.SURVIVED, -1);
  }

  private static String summary(Map<Mutant, Verdict> verdicts) {
    Map<Fate, Long> byFate = counted(verdicts.values().stream().map(Verdict::fate));
    Map<String, Long> byFault = counted(verdicts.keySet().stream().map(Mutant::fault));
    return "%d mutants: %s; %s"
        .formatted(
            verdicts.size(),
            listed(byFate.entrySet().stream().map(e -> e.getValue() + " " + e.getKey().text())),
            listed(byFault.entrySet().stream().map(e -> e.getValue() + " " + e.getKey())));
  }

  private static <K extends Comparable<K>> Map<K, Long> counted(Stream<K> values) {
    return values.collect(
        Collectors.groupingBy(value -> value, TreeMap::new, Collectors.counting()));
  }

  private static String listed(Stream<String> parts) {
    return parts.collect(Collectors.joining(", "));
  }
}
