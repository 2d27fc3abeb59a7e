package dev.weir.cli;

import dev.weir.reports.model.Part.LoopNest.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds where in a kernel each line of its schedule begins. The statements themselves do not say;
 * comments name Einsums and tiles, counters are called as their rank variables. A line that left no
 * trace (a loop of one trip, a keep in registers of the next) stands with what follows it.
 */
final class KernelPlaces {

  private static final Pattern COMPUTE = Pattern.compile("compute (\\w+) on .*");
  private static final Pattern KEEP = Pattern.compile("keep (.*?) at (\\w+).*");
  private static final Pattern LOOP = Pattern.compile("(?:for|iterate|pipeline) (\\w+)\\b.*");
  private static final Pattern SPATIAL = Pattern.compile("spatial \\w+ by \\S+ on (.*?)(?: .*)?");
  private static final Pattern LAST = Pattern.compile("last (\\w+)");

  private final List<Line> schedule;
  private final List<String> kernel;
  private final String top;

  /**
   * For one listing.
   *
   * @param top the outermost level, whose keeps are arguments of the kernel
   */
  KernelPlaces(List<Line> schedule, List<String> kernel, String top) {
    this.schedule = schedule;
    this.kernel = kernel;
    this.top = top;
  }

  /** One place a line of the schedule. */
  List<Integer> all() {
    List<Integer> computes = computes();
    List<Integer> places = new ArrayList<>();
    int from = 0;
    int compute = 0;
    for (Line line : schedule) {
      if (isCompute(line)) {
        from = Math.max(from, computes.get(compute));
        compute++;
        places.add(from);
      } else {
        int end = compute < computes.size() ? computes.get(compute) : kernel.size() - 1;
        Optional<Integer> found = find(trace(line), from, end);
        places.add(found.orElse(-1));
        from = found.orElse(from);
      }
    }
    return withNext(places);
  }

  /** A line without a trace goes to the next that has one. */
  private List<Integer> withNext(List<Integer> places) {
    List<Integer> all = new ArrayList<>(places);
    int next = kernel.size() - 1;
    for (int i = all.size() - 1; i >= 0; i--) {
      next = all.get(i) < 0 ? next : all.get(i);
      all.set(i, next);
    }
    return all;
  }

  private static boolean isCompute(Line line) {
    return COMPUTE.matcher(line.heads().getLast()).matches();
  }

  /** Computes stand in the order of the schedule, each under a comment with the Einsum's name. */
  private List<Integer> computes() {
    List<Integer> places = new ArrayList<>();
    int from = 0;
    for (Line line : schedule) {
      Matcher compute = COMPUTE.matcher(line.heads().getLast());
      if (compute.matches()) {
        Pattern comment = Pattern.compile("\\s*// " + compute.group(1) + "(?::.*)?");
        from = find(Optional.of(comment), from, kernel.size() - 1).orElse(from);
        places.add(from);
      }
    }
    return places;
  }

  private Optional<Integer> find(Optional<Pattern> trace, int from, int end) {
    return trace.flatMap(
        pattern ->
            Stream.iterate(from, row -> row <= end, row -> row + 1)
                .filter(row -> pattern.matcher(kernel.get(row)).matches())
                .findFirst());
  }

  /** What the first line of the kernel looks like that comes from a line of the schedule. */
  private Optional<Pattern> trace(Line line) {
    String head = line.heads().getFirst();
    Matcher keep = KEEP.matcher(head);
    if (keep.matches()) {
      return Optional.of(keep(keep.group(1).replace(", ", "|"), keep.group(2)));
    }
    Matcher loop = LOOP.matcher(head);
    if (loop.matches()) {
      String counter = loop.group(1);
      return Optional.of(
          Pattern.compile(
              "\\s*for \\(int %1$s(?:_\\d+)? = .*|\\s*// iterate %1$s".formatted(counter)));
    }
    Matcher spatial = SPATIAL.matcher(head);
    if (spatial.matches()) {
      String axis = spatial.group(1).replace("groups.", "group_").replace("items.", "item_");
      return Optional.of(Pattern.compile("\\s*const int " + Pattern.quote(axis) + " = .*"));
    }
    Matcher last = LAST.matcher(head);
    return last.matches()
        ? Optional.of(Pattern.compile("\\s*if \\(%s(?:_\\d+)? == .*".formatted(last.group(1))))
        : Optional.empty();
  }

  /**
   * The first array of a keep, or what fills it.
   *
   * @param tensors alternatives of a pattern
   */
  private Pattern keep(String tensors, String level) {
    String trace =
        level.equals(top)
            ? "\\s*__global [\\w ]+\\*restrict (?:%s)\\W.*"
            : "\\s*(?:__local )?\\w+ (?:%1$s)_(?:tile|local|next_tile)\\w*\\[.*"
                + "|\\s*// (?:load|generation 0 of|load the sums so far of) (?:%1$s)";
    return Pattern.compile(trace.formatted(tensors));
  }
}
