package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.AxisName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.arch.VariantName;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A node of a schedule tree. Meaning: {@code docs/schedule.md}. */
public sealed interface Node {

  /**
   * Temporal loop: the current range of the rank in consecutive tiles, the last possibly shorter.
   *
   * @param skip whether iterations in which no compute below has a point are not visited
   * @param recompute Einsums below that lack the rank and are produced again in each iteration
   * @param flow whether a pipeline below does not drain between iterations
   */
  record For(
      RankName rank, Size tile, boolean skip, Set<TensorName> recompute, boolean flow, Node body)
      implements Node {
    public For {
      recompute = Set.copyOf(recompute);
    }

    /** A loop that visits every iteration and produces nothing again. */
    public For(RankName rank, Size tile, boolean flow, Node body) {
      this(rank, tile, false, Set.of(), flow, body);
    }
  }

  /**
   * The tiles of the rank at the same time, one an instance of the axis.
   *
   * @param multicast tensors that are read once for all instances, as they lack the rank
   * @param reduce outputs that lack the rank and whose instances' contributions are merged
   * @param recompute Einsums below that lack the rank and are produced in each instance
   */
  record Spatial(
      RankName rank,
      Size tile,
      AxisName axis,
      Set<TensorName> multicast,
      Set<TensorName> reduce,
      Set<TensorName> recompute,
      Node body)
      implements Node {
    public Spatial {
      multicast = Set.copyOf(multicast);
      reduce = Set.copyOf(reduce);
      recompute = Set.copyOf(recompute);
    }

    /** A loop that produces nothing again. */
    public Spatial(
        RankName rank,
        Size tile,
        AxisName axis,
        Set<TensorName> multicast,
        Set<TensorName> reduce,
        Node body) {
      this(rank, tile, axis, multicast, reduce, Set.of(), body);
    }
  }

  /** Temporal loop over an iterative rank, ascending, one generation a step. */
  record Iterate(RankName rank, boolean flow, Node body) implements Node {}

  /** Runs only in the final step of the enclosing iterate over the rank. */
  record Last(RankName rank, Node body) implements Node {}

  /**
   * The tiles of the tensors are resident at the level while the body runs.
   *
   * @param copies how many tiles there is room for: more than one hands over between stages
   * @param doubleBuffered whether the next tile may arrive while this one is used
   * @param refetch whether a tile that slides is loaded whole each time
   * @param inPlaceOf a tensor whose room the only tensor of this keep takes, word by word
   */
  record Keep(
      List<TensorName> tensors,
      LevelName level,
      Size copies,
      boolean doubleBuffered,
      boolean refetch,
      Optional<TensorName> inPlaceOf,
      Node body)
      implements Node {
    public Keep {
      tensors = List.copyOf(tensors);
    }

    /** A keep with room of its own, of which tiles that slide load only what is new. */
    public Keep(
        List<TensorName> tensors, LevelName level, Size copies, boolean doubleBuffered, Node body) {
      this(tensors, level, copies, doubleBuffered, false, Optional.empty(), body);
    }
  }

  /** One after another. */
  record Seq(List<Node> parts) implements Node {
    public Seq {
      parts = List.copyOf(parts);
    }
  }

  /** At the same time, on disjoint units. */
  record Par(List<Node> parts) implements Node {
    public Par {
      parts = List.copyOf(parts);
    }
  }

  /** Epochs: each runs the body once, its {@link Stage}s on tiles that lie so many epochs back. */
  record Pipeline(RankName rank, Size tile, Node body) implements Node {}

  /** Part of a pipeline's body that works on tile n − offset in epoch n. */
  record Stage(int offset, Node body) implements Node {
    public Stage {
      if (offset < 0) {
        throw new IllegalArgumentException("stage " + offset);
      }
    }
  }

  /** Computes that share a unit slot by slot; their slots add. */
  record Interleave(UnitName unit, List<Node> parts) implements Node {
    public Interleave {
      parts = List.copyOf(parts);
    }
  }

  /**
   * One operation of the unit on one point of the iteration space of the Einsum of this output.
   *
   * @param variants ways of the unit to do operations, each of another one; the unit's own for the
   *     rest
   */
  record Compute(TensorName einsum, UnitName unit, List<VariantName> variants) implements Node {
    public Compute {
      variants = List.copyOf(variants);
    }

    /** With the unit's own way to do every operation. */
    public Compute(TensorName einsum, UnitName unit) {
      this(einsum, unit, List.of());
    }
  }

  /** Direct children in order. */
  default List<Node> children() {
    return switch (this) {
      case For loop -> List.of(loop.body());
      case Spatial loop -> List.of(loop.body());
      case Iterate loop -> List.of(loop.body());
      case Last last -> List.of(last.body());
      case Keep keep -> List.of(keep.body());
      case Seq seq -> seq.parts();
      case Par par -> par.parts();
      case Pipeline pipeline -> List.of(pipeline.body());
      case Stage stage -> List.of(stage.body());
      case Interleave interleave -> interleave.parts();
      case Compute _ -> List.of();
    };
  }

  /** The same with other direct children, as many as it has. */
  default Node withChildren(List<Node> children) {
    return switch (this) {
      case For l ->
          new For(l.rank(), l.tile(), l.skip(), l.recompute(), l.flow(), children.getFirst());
      case Spatial l ->
          new Spatial(
              l.rank(),
              l.tile(),
              l.axis(),
              l.multicast(),
              l.reduce(),
              l.recompute(),
              children.getFirst());
      case Iterate l -> new Iterate(l.rank(), l.flow(), children.getFirst());
      case Last l -> new Last(l.rank(), children.getFirst());
      case Keep k ->
          new Keep(
              k.tensors(),
              k.level(),
              k.copies(),
              k.doubleBuffered(),
              k.refetch(),
              k.inPlaceOf(),
              children.getFirst());
      case Seq _ -> new Seq(children);
      case Par _ -> new Par(children);
      case Pipeline l -> new Pipeline(l.rank(), l.tile(), children.getFirst());
      case Stage stage -> new Stage(stage.offset(), children.getFirst());
      case Interleave interleave -> new Interleave(interleave.unit(), children);
      case Compute _ -> this;
    };
  }
}
