package dev.weir.mapper.search;

import dev.weir.mapper.model.CostModel;
import dev.weir.mapper.schedule.Judgement;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Finds the best point of a space by looking at all of it. A point is excluded without being judged
 * and costed only if its lower bound is no better, in latency and in energy, than a point that was
 * evaluated before; that one is then at least as good for every objective.
 *
 * <p>Points are taken in batches of a fixed size, each judged by what is known before it, so the
 * result does not depend on the number of threads.
 */
public final class TileSearch {

  private static final int BATCH = 64;

  /** Reason of the points that a lower bound excludes. */
  public static final String NO_BETTER = "no better than an evaluated one";

  private final SearchSpace space;
  private final Objective objective;
  private final ParetoFront front = new ParetoFront();
  private final SortedMap<String, Long> pruned = new TreeMap<>();
  private Optional<Candidate> best = Optional.empty();
  private long evaluated;

  private TileSearch(SearchSpace space, Objective objective) {
    this.space = space;
    this.objective = objective;
  }

  /** What became of a point. */
  private sealed interface Outcome {
    record Evaluated(Candidate candidate) implements Outcome {}

    record Excluded(String reason) implements Outcome {}
  }

  /** Searches with all processors. */
  public static SearchResult run(SearchSpace space, Objective objective, Progress progress) {
    return run(space, objective, progress, Runtime.getRuntime().availableProcessors());
  }

  /**
   * Searches. When the thread is interrupted, it stays so and the result holds what was found until
   * then.
   *
   * @param threads how many points are evaluated at a time; the result does not depend on it
   */
  public static SearchResult run(
      SearchSpace space, Objective objective, Progress progress, int threads) {
    TileSearch search = new TileSearch(space, objective);
    boolean complete;
    try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
      complete = search.visitAll(workers, progress);
    }
    return new SearchResult(
        objective,
        search.best,
        search.front.points(),
        space.size(),
        search.evaluated,
        search.pruned,
        complete);
  }

  private boolean visitAll(ExecutorService workers, Progress progress) {
    long size = space.size();
    for (long start = 0; start < size; start += BATCH) {
      try {
        for (Outcome outcome : visit(workers, start, Math.min(size, start + BATCH))) {
          note(outcome);
        }
      } catch (InterruptedException _) {
        workers.shutdownNow();
        Thread.currentThread().interrupt();
        return false;
      }
      progress.report(Math.min(size, start + BATCH), size, best);
    }
    return true;
  }

  /** All or none of a batch. */
  private List<Outcome> visit(ExecutorService workers, long from, long to)
      throws InterruptedException {
    List<Callable<Outcome>> tasks = new ArrayList<>();
    for (long number = from; number < to; number++) {
      long point = number;
      tasks.add(() -> outcome(point));
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (Future<Outcome> future : workers.invokeAll(tasks)) {
      try {
        outcomes.add(future.get());
      } catch (ExecutionException e) {
        throw new IllegalStateException("evaluating a point of the space failed", e.getCause());
      }
    }
    return outcomes;
  }

  private Outcome outcome(long number) {
    Problem problem = space.at(number);
    LowerBound bound = LowerBound.of(problem);
    if (front.covers(bound.seconds(), bound.picojoules())) {
      return new Outcome.Excluded(NO_BETTER);
    }
    return switch (Legality.judge(problem)) {
      case Judgement.Illegal illegal ->
          new Outcome.Excluded("illegal: " + illegal.violations().getFirst().reason().text());
      case Judgement.Legal _ -> costed(number, problem);
    };
  }

  private static Outcome costed(long number, Problem problem) {
    try {
      return new Outcome.Evaluated(new Candidate(number, problem, CostModel.evaluate(problem)));
    } catch (ArithmeticException _) {
      return new Outcome.Excluded("counts do not fit 64 bits");
    } catch (IllegalArgumentException excluded) {
      return new Outcome.Excluded("not costed: " + excluded.getMessage());
    }
  }

  private void note(Outcome outcome) {
    switch (outcome) {
      case Outcome.Excluded excluded -> pruned.merge(excluded.reason(), 1L, Long::sum);
      case Outcome.Evaluated(Candidate candidate) -> {
        evaluated++;
        front.add(candidate);
        double value = objective.of(candidate.cost());
        if (best.isEmpty() || value < objective.of(best.get().cost())) {
          best = Optional.of(candidate);
        }
      }
    }
  }
}
