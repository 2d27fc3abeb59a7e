package dev.weir.mapper.model.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.source.SourceFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Whether the comparisons with interpreter and walk notice when the cost model is wrong: every
 * mutant, compiled and loaded apart, must answer wrongly to some problem of a small corpus.
 */
class MutantTest {

  private static final Path SOURCES = Path.of("src/main/java/dev/weir/mapper/model");
  private static final List<String> LISTS =
      List.of("counts", "conditions", "tables", "sizes", "tree", "time", "pipelines", "skips");
  private static final int LEAST = 100;

  /** For all problems of one mutant; an endless loop is a fault that shows, too. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private record Verdict(Fate fate, String problem) {}

  @Test
  void everyMutantIsKilled() {
    List<Mutant> mutants = mutants();
    assertThat(mutants).hasSizeGreaterThanOrEqualTo(LEAST);
    assertThat(mutants).extracting(Mutant::id).doesNotHaveDuplicates();
    Corpus corpus = new Corpus();

    Map<Mutant, Verdict> verdicts = verdicts(mutants, corpus);

    System.out.println(summary(verdicts));
    assertThat(mutants)
        .filteredOn(mutant -> verdicts.get(mutant).fate() == Fate.SURVIVED)
        .as("mutants that survive %d problems", corpus.size())
        .isEmpty();
    LoadedModel original = new LoadedModel(new ModelLoader(Map.of()));
    assertThat(corpus.known())
        .filteredOn(reference -> reference.judge(original).isPresent())
        .as("problems about which the model itself is wrong")
        .extracting(Reference::name)
        .isEmpty();
  }

  private static List<Mutant> mutants() {
    return LISTS.stream().flatMap(list -> Mutant.read(list(list)).stream()).toList();
  }

  private static String list(String name) {
    return SourceFile.read(
            Path.of("src/test/resources/dev/weir/mapper/model/mutants", name + ".txt"))
        .text();
  }

  /** Each worker has a compiler of its own. */
  private static Map<Mutant, Verdict> verdicts(List<Mutant> mutants, Corpus corpus) {
    ConcurrentLinkedQueue<Mutant> waiting = new ConcurrentLinkedQueue<>(mutants);
    Map<Mutant, Verdict> verdicts = new ConcurrentHashMap<>();
    IntStream.range(0, Runtime.getRuntime().availableProcessors())
        .parallel()
        .forEach(
            _ -> {
              try (MutantCompiler compiler = new MutantCompiler()) {
                for (Mutant next = waiting.poll(); next != null; next = waiting.poll()) {
                  verdicts.put(next, verdict(compiled(next, compiler), corpus));
                }
              }
            });
    return verdicts;
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
  private static Verdict verdict(Map<String, byte[]> classes, Corpus corpus) {
    List<Verdict> found = new ArrayList<>();
    Thread judge =
        Thread.ofPlatform()
            .daemon()
            .start(() -> found.add(judged(new LoadedModel(new ModelLoader(classes)), corpus)));
    try {
      boolean isDone = judge.join(PATIENCE);
      return isDone ? found.getFirst() : new Verdict(Fate.TIME_OUT, "");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private static Verdict judged(LoadedModel model, Corpus corpus) {
    for (int number = 0; number < corpus.size(); number++) {
      Optional<Fate> fate = corpus.get(number).judge(model);
      if (fate.isPresent()) {
        return new Verdict(fate.get(), corpus.get(number).name());
      }
    }
    return new Verdict(Fate.SURVIVED, "");
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
