package dev.weir.mapper.random;

import dev.weir.mapper.schedule.Node;
import java.util.List;

/** Schedule trees put together anew. */
final class Trees {

  private Trees() {}

  /** The node with other direct children, as many as it has. */
  static Node with(Node node, List<Node> children) {
    return switch (node) {
      case Node.For l ->
          new Node.For(l.rank(), l.tile(), l.skip(), l.recompute(), l.flow(), children.getFirst());
      case Node.Spatial l ->
          new Node.Spatial(
              l.rank(),
              l.tile(),
              l.axis(),
              l.multicast(),
              l.reduce(),
              l.recompute(),
              children.getFirst());
      case Node.Iterate l -> new Node.Iterate(l.rank(), l.flow(), children.getFirst());
      case Node.Last l -> new Node.Last(l.rank(), children.getFirst());
      case Node.Keep k ->
          new Node.Keep(
              k.tensors(),
              k.level(),
              k.copies(),
              k.doubleBuffered(),
              k.refetch(),
              k.inPlaceOf(),
              children.getFirst());
      case Node.Seq _ -> new Node.Seq(children);
      case Node.Par _ -> new Node.Par(children);
      case Node.Pipeline l -> new Node.Pipeline(l.rank(), l.tile(), children.getFirst());
      case Node.Stage s -> new Node.Stage(s.offset(), children.getFirst());
      case Node.Interleave i -> new Node.Interleave(i.unit(), children);
      case Node.Compute _ -> node;
    };
  }
}
