package dev.weir.simulator.pe;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.count.Movement;
import java.util.List;
import java.util.Optional;

/**
 * A tensor of a keep: what it moves at an entry with which words.
 *
 * @param here where its tiles are
 * @param next the next home, if tiles come from or go to one
 * @param isProduced whether the keep contains its producer
 * @param initial the number of generation 0, of a tensor with generations
 * @param unfinished depths of loops between the next home and the keep along which sums go on
 * @param merged by depth of a loop around: whether its instances take a tile with one read
 * @param selectsNext by depth: whether its instances see different instances of the next home
 * @param fullest words in the instance of its own level that has most
 * @param tally where words are counted
 */
record KeptTensor(
    TileStore here,
    Optional<TileStore> next,
    boolean isProduced,
    Optional<Long> initial,
    List<Integer> unfinished,
    List<Boolean> merged,
    List<Boolean> selectsNext,
    FullestTile fullest,
    Tally tally) {

  private LoopPath path() {
    return here.path();
  }

  private TensorName tensor() {
    return here.layout().name();
  }

  boolean isQuiet() {
    return next.isEmpty() && initial.isEmpty();
  }

  /** Whether tiles come from the next home, at least at some entries. */
  boolean mayLoad() {
    return initial.isEmpty() && next.isPresent() && (!isProduced || !unfinished.isEmpty());
  }

  /** Whether partial sums come back at this entry. */
  boolean resumes(long[] steps) {
    return isProduced && !unfinished.stream().allMatch(depth -> path().isFirst(depth, steps));
  }

  boolean loads(long[] steps) {
    return initial.isEmpty() && next.isPresent() && (!isProduced || resumes(steps));
  }

  boolean stores() {
    return initial.isEmpty() && next.isPresent() && isProduced;
  }

  /** Makes room for the tile of an entry. What is not loaded is there at once, and empty. */
  void open(long[] steps) {
    Tile tile = here.open(steps);
    if (!loads(steps)) {
      visit(steps, offset -> tile.mark(offset, Tile.THERE));
    }
    initial.ifPresent(
        number ->
            path()
                .instances(
                    steps,
                    (ranges, _) ->
                        here.layout().visitInitial(ranges, offset -> tile.put(offset, number))));
  }

  private void visit(long[] steps, TensorLayout.Visitor visitor) {
    path().instances(steps, (ranges, _) -> here.layout().visit(ranges, visitor));
  }

  /** Words of all instances that pass, by how instances count. */
  private long words(long[] steps, boolean onlyFirstTile, boolean onlyFirstLane, boolean isRead) {
    long[] sum = new long[1];
    path()
        .instances(
            steps,
            (ranges, lanes) -> {
              for (int depth = 0; depth < lanes.length; depth++) {
                Loop loop = path().loops().get(depth);
                boolean isMerged = isRead && merged.get(depth);
                boolean isBehind = loop.tileNumber(steps[loop.number()], lanes[depth]) > 0;
                boolean isAside = lanes[depth] > 0 && (isMerged || selectsNext.get(depth));
                if ((onlyFirstTile && isMerged && isBehind) || (onlyFirstLane && isAside)) {
                  return;
                }
              }
              sum[0] += here.layout().words(ranges);
            });
    return sum[0];
  }

  private long wordsEverywhere(long[] steps) {
    return words(steps, false, false, false);
  }

  private long wordsOfFullest(long[] steps) {
    return fullest.words(path().ranges(steps));
  }

  /** Generation 0 is written; its values are constants and already there. */
  Mover.Move initialise(long[] steps) {
    tally.move(tensor(), here.level(), Movement.WRITE, wordsEverywhere(steps));
    Demands demands = new Demands();
    demands.write(here.memory(), wordsOfFullest(steps));
    return new Mover.Move(
        demands.service(0), Optional.empty(), here.memory().writeDelay(), () -> {}, () -> {});
  }

  Mover.Move load(long[] entry) {
    long[] steps = entry.clone();
    TileStore from = next.orElseThrow();
    boolean isPartial = isProduced;
    LevelName there = from.level();
    tally.move(
        tensor(),
        there,
        isPartial ? Movement.PARTIAL_READ : Movement.READ,
        words(steps, true, false, true));
    tally.move(
        tensor(),
        here.level(),
        isPartial ? Movement.PARTIAL_WRITE : Movement.WRITE,
        wordsEverywhere(steps));
    Demands demands = new Demands();
    demands.read(from.memory(), words(steps, false, true, true));
    demands.write(here.memory(), wordsOfFullest(steps));
    int state = isPartial ? Tile.THERE | Tile.TOUCHED : Tile.THERE;
    return new Mover.Move(
        demands.service(0),
        Optional.of(from.memory().readDelay()),
        here.memory().writeDelay(),
        () -> read(steps, from),
        () -> arrive(steps, state));
  }

  private void read(long[] steps, TileStore from) {
    Tile source = from.at(steps);
    Tile tile = here.at(steps);
    visit(
        steps,
        offset -> {
          if (!source.has(offset, Tile.THERE)) {
            throw new IllegalStateException(here + " loads a word that " + from + " lacks");
          }
          tile.copy(offset, source);
        });
  }

  private void arrive(long[] steps, int state) {
    Tile tile = here.at(steps);
    visit(steps, offset -> tile.mark(offset, state));
  }

  Mover.Move store(long[] entry) {
    long[] steps = entry.clone();
    TileStore to = next.orElseThrow();
    boolean isPartial = !unfinished.stream().allMatch(depth -> path().isLast(depth, steps));
    long words = wordsEverywhere(steps);
    tally.move(tensor(), here.level(), isPartial ? Movement.PARTIAL_READ : Movement.READ, words);
    tally.move(tensor(), to.level(), isPartial ? Movement.PARTIAL_WRITE : Movement.WRITE, words);
    Demands demands = new Demands();
    demands.read(here.memory(), wordsOfFullest(steps));
    demands.write(to.memory(), words(steps, false, true, false));
    return new Mover.Move(
        demands.service(0),
        Optional.of(here.memory().readDelay()),
        to.memory().writeDelay(),
        () -> {},
        () -> write(steps, to));
  }

  private void write(long[] steps, TileStore to) {
    Tile tile = here.at(steps);
    Tile target = to.at(steps);
    visit(
        steps,
        offset -> {
          if (!target.has(offset, Tile.THERE)) {
            throw new IllegalStateException(here + " stores a word that " + to + " lacks");
          }
          if (tile.has(offset, Tile.VALUED)) {
            target.put(offset, tile.numbers[offset]);
          }
        });
  }

  void close(long[] steps) {
    here.close(steps);
  }
}
