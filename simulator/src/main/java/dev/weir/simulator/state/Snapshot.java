package dev.weir.simulator.state;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** The state of a run at one moment. Reusable: {@link #take} overwrites it. */
public final class Snapshot implements StateWalk {

  private long cycle;
  private long hash;
  private final Numbers values;
  private final Numbers totals;
  private final Numbers depths;
  private final Numbers offsets;
  private final Numbers mosts;
  private Object[] objects;
  private int objectCount;

  /** An empty one. */
  public Snapshot() {
    this(new Numbers(), new Numbers(), new Numbers(), new Numbers(), new Numbers(), new Object[16]);
  }

  private Snapshot(
      Numbers values,
      Numbers totals,
      Numbers depths,
      Numbers offsets,
      Numbers mosts,
      Object[] objects) {
    this.values = values;
    this.totals = totals;
    this.depths = depths;
    this.offsets = offsets;
    this.mosts = mosts;
    this.objects = objects;
  }

  /** Notes the state of these parts in a cycle. */
  public void take(long now, List<? extends Stateful> parts) {
    cycle = now;
    hash = 0;
    values.clear();
    totals.clear();
    depths.clear();
    offsets.clear();
    mosts.clear();
    objectCount = 0;
    for (int i = 0; i < parts.size(); i++) {
      parts.get(i).walk(this);
    }
  }

  /** One that is not overwritten. */
  public Snapshot copy() {
    Snapshot copy =
        new Snapshot(
            values.copy(),
            totals.copy(),
            depths.copy(),
            offsets.copy(),
            mosts.copy(),
            Arrays.copyOf(objects, objectCount));
    copy.cycle = cycle;
    copy.hash = hash;
    copy.objectCount = objectCount;
    return copy;
  }

  @Override
  public void same(long value) {
    values.add(value);
    hash = 31 * hash + value;
  }

  @Override
  public void same(Object value) {
    if (objectCount == objects.length) {
      objects = Arrays.copyOf(objects, 2 * objectCount);
    }
    objects[objectCount++] = value;
  }

  @Override
  public long total(long value) {
    totals.add(value);
    return value;
  }

  @Override
  public long moment(long moment) {
    same(cycle - moment);
    return moment;
  }

  @Override
  public long since(long since) {
    return since;
  }

  @Override
  public long position(int depth, long offset, long most) {
    depths.add(depth);
    offsets.add(offset);
    mosts.add(most);
    return offset;
  }

  /**
   * How often what happened since an earlier state will happen again in just the same way; 0 when
   * this is not the same state.
   */
  public long periodsAhead(Snapshot earlier) {
    boolean comesAgain =
        hash == earlier.hash
            && values.isSame(earlier.values)
            && depths.isSame(earlier.depths)
            && totals.size() == earlier.totals.size()
            && areSame(earlier);
    return comesAgain ? periodsInLoops(earlier) : 0;
  }

  private boolean areSame(Snapshot earlier) {
    if (objectCount != earlier.objectCount) {
      return false;
    }
    for (int i = 0; i < objectCount; i++) {
      if (!Objects.equals(objects[i], earlier.objects[i])) {
        return false;
      }
    }
    return true;
  }

  /**
   * Steps other than the first and the last of a loop are all alike. A process that has moved in
   * one loop only has not come to the end of it.
   */
  private long periodsInLoops(Snapshot earlier) {
    long periods = Long.MAX_VALUE;
    boolean moved = false;
    for (int i = 0; i < offsets.size(); i++) {
      moved &= depths.get(i) > 0;
      long step = offsets.get(i) - earlier.offsets.get(i);
      if (step != 0) {
        if (moved || step < 0 || earlier.offsets.get(i) == 0) {
          return 0;
        }
        moved = true;
        periods = Math.min(periods, (mosts.get(i) - offsets.get(i)) / step);
      }
    }
    return periods == Long.MAX_VALUE ? 0 : Math.max(periods, 0);
  }

  /** When it was taken. */
  public long cycle() {
    return cycle;
  }

  long totalSince(Snapshot earlier, int at) {
    return totals.get(at) - earlier.totals.get(at);
  }

  long offsetSince(Snapshot earlier, int at) {
    return offsets.get(at) - earlier.offsets.get(at);
  }

  /** Numbers in a row. */
  private static final class Numbers {
    private long[] items;
    private int size;

    Numbers() {
      items = new long[64];
    }

    void clear() {
      size = 0;
    }

    void add(long item) {
      if (size == items.length) {
        items = Arrays.copyOf(items, 2 * size);
      }
      items[size++] = item;
    }

    long get(int at) {
      return items[at];
    }

    int size() {
      return size;
    }

    boolean isSame(Numbers other) {
      return Arrays.equals(items, 0, size, other.items, 0, other.size);
    }

    Numbers copy() {
      Numbers copy = new Numbers();
      copy.items = Arrays.copyOf(items, size);
      copy.size = size;
      return copy;
    }
  }
}
