package dev.weir.opencl.example;

import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * Random cascades of a product, a map, a reduction and another map, with random schedules for them:
 * loops in any order and tiling, keeps at any level, ranks on work-groups, work-items and lanes,
 * tails everywhere. The same seed gives the same texts.
 *
 * @param cascade text of the cascade
 * @param schedule text of the schedule
 * @param shapes of its ranks
 */
public record RandomText(String cascade, String schedule, String shapes) {

  /** The problem of a seed, whose schedule is legal. */
  public static RandomText legal(long seed) {
    Random random = new Random(seed * 7_919 + 3);
    while (true) {
      RandomText text = new Writer(random).text();
      if (Legality.judge(text.problem()).isLegal()) {
        return text;
      }
    }
  }

  /** Cascade, schedule and shapes on a device with much room. */
  public Problem problem() {
    return Problems.of(cascade, schedule, shapes);
  }

  @Override
  public String toString() {
    return cascade + "\n" + schedule + "\n" + shapes;
  }

  /** Draws one text. */
  private static final class Writer {

    private final Random random;
    private final boolean isPartitioned;
    private final String spread;
    private boolean isPrivate;
    private String cascade = "";
    private final StringBuilder lines = new StringBuilder();

    Writer(Random random) {
      this.random = random;
      this.isPartitioned = random.nextInt(3) == 0;
      this.spread = pick("", "", "spatial i by 1 on items.x", "spatial i by 2 on items.x");
    }

    private String pick(String... choices) {
      return choices[random.nextInt(choices.length)];
    }

    private long size(int most) {
      return random.nextLong(1, most + 1L);
    }

    RandomText text() {
      String shapes = "I=%d J=%d K=%d".formatted(size(21), size(9), size(7));
      cascade = cascade();
      return new RandomText(cascade, schedule(), shapes);
    }

    private String cascade() {
      String k = isPartitioned ? "k1*K0+k0" : "k";
      String reduced = isPartitioned ? "k1, k0" : "k";
      return """
      cascade random "product, map, reduction, map"
        ranks   I, J, K
        %s
        inputs  A[I,K], B[K,J], C[I,J], N[I]
        empty   T = %s
        T[i,j] = %s %s
        U[i,j] = %s
        R[i]   = U[i,j] %s
        O[i,j] = %s
        outputs O
      """
          .formatted(
              isPartitioned ? "partition K = K1 * K0" : "",
              pick("0", "-inf"),
              pick(
                  "A[i,%s] * B[%s,j]".formatted(k, k),
                  "0.5 * A[i,%s] * B[%s,j]".formatted(k, k),
                  "A[i,%s] + B[%s,j]".formatted(k, k),
                  "max(A[i,%s], B[%s,j]) :: max(%s)".formatted(k, k, reduced)),
              pick("", "", "| %s < N[i]".formatted(k), "| j <= i", "| %s <= i".formatted(k)),
              pick(
                  "T[i,j] + C[i,j]",
                  "max(T[i,j], C[i,j])",
                  "exp(C[i,j] - C[i,j])",
                  "T[i,j] * C[i,j]",
                  "where(i < j, T[i,j], C[i,j])"),
              pick("", ":: max(j)"),
              pick("U[i,j] - R[i]", "U[i,j] * R[i]", "U[i,j] / R[i]", "T[i,j] + R[i]"));
    }

    private String schedule() {
      lines.append("schedule random \"drawn\" for random\n");
      if (isPartitioned) {
        lines.append("  shape K0 = ").append(size(4)).append('\n');
      }
      boolean isTop = random.nextInt(4) == 0;
      if (isTop) {
        lines.append("  keep T, U, R at Global\n");
      }
      lines.append("  spatial i by ").append(size(12)).append(" on groups.x {\n");
      if (!isTop) {
        String level = pick("Private", "Local");
        isPrivate = level.equals("Private");
        lines.append("    keep T, U at ").append(level).append('\n');
        lines.append("    keep R at ").append(pick("Private", level)).append('\n');
      }
      if (random.nextInt(3) == 0) {
        lines.append("    keep ").append(pick("A", "B", "C", "A, B")).append(" at ");
        lines.append(spread.isEmpty() ? "Private" : pick("Private", "Local")).append('\n');
      }
      nest("T", isPartitioned ? List.of("k1", "k0") : List.of("k"), true);
      nest("U", List.of(), true);
      nest("R", List.of("j"), false);
      nest("O", List.of(), true);
      return lines.append("  }\n").toString();
    }

    /** What is read once for all lanes, and what they sum up. */
    private String clauses(String einsum, String rank) {
      String line =
          cascade.lines().filter(l -> l.contains(einsum + "[i")).findFirst().orElseThrow();
      String value = line.substring(line.indexOf('=') + 1);
      List<String> shared = new ArrayList<>();
      Pattern.compile("([ABCTUR])\\[([a-z0-9+*K,]+)\\]")
          .matcher(value)
          .results()
          .filter(access -> !access.group(2).contains(rank))
          .map(access -> access.group(1))
          .distinct()
          .forEach(shared::add);
      String output = line.substring(0, line.indexOf('='));
      return (shared.isEmpty() ? "" : " multicast " + String.join(", ", shared))
          + (output.contains(rank) ? "" : " reduce " + einsum);
    }

    /** Loops over i, j and what is reduced, in any order, some of them tiled. */
    private void nest(String einsum, List<String> reduced, boolean hasJ) {
      List<String> loops = new ArrayList<>();
      List<String> ranks = new ArrayList<>(reduced);
      if (hasJ) {
        ranks.add("j");
      }
      String lanes = spread.isEmpty() && hasJ ? pick("", "i", "j") : "";
      boolean isMerged = !isPrivate && spread.isEmpty() && !isPartitioned && random.nextBoolean();
      if (isMerged && !reduced.isEmpty()) {
        lanes = reduced.getFirst();
      }
      for (String rank : ranks) {
        if (random.nextBoolean()) {
          loops.add("for " + rank + " by " + size(5));
        }
      }
      if (spread.isEmpty() && random.nextBoolean()) {
        loops.add("for i by " + (lanes.equals("i") ? 4 : size(5)));
      }
      Collections.shuffle(loops, random);
      List<String> last = new ArrayList<>();
      ranks.add("i");
      for (String rank : ranks) {
        last.add(
            rank.equals(lanes)
                ? "for %s by 8  spatial %s by 1 on lanes.x%s"
                    .formatted(rank, rank, clauses(einsum, rank))
                : "for " + rank + " by 1");
      }
      Collections.shuffle(last, random);
      if (isPartitioned) {
        // Outer parts come before inner ones.
        loops.removeIf(loop -> loop.startsWith("for k0"));
        loops.replaceAll(loop -> loop.startsWith("for k1") ? "for k1 by 1" : loop);
        if (last.remove("for k1 by 1")) {
          last.addFirst("for k1 by 1");
        }
      }
      lines.append("    ").append(spread).append("  ");
      lines.append(String.join("  ", loops)).append("  ").append(String.join("  ", last));
      lines.append("  compute ").append(einsum).append(" on Core\n");
    }
  }
}
