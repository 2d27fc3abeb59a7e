package dev.weir.simulator.pe;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How the processing elements that a nest uses are connected, for so many of them along each
 * direction. Accesses are numbered: operands first, then the result.
 */
final class Wiring {

  final Grid grid;

  // By element: who passes steps on to it, and how many cycles before.
  final int[] stepFrom;
  final int[] stepHop;

  // By operand and element: the neighbour that passes it on, none at the edge, where it is read.
  final int[][] operandFrom;
  final int[][] operandHop;
  final int[][] operandEdge;
  final boolean[] isPassedOn;

  // By direction along which sums are merged, and element.
  final int[][] sumFrom;
  final int[][] sumHop;
  final boolean[] leaves;
  final int[] sumEnd;

  // By access and element: by how much its address lies behind that of the first element, and
  // whether its words pass the ports of the busiest instance of their home.
  final int[][] offset;
  final boolean[][] isAtPort;
  final int[] portElements;

  Wiring(Nest nest, int[] widths) {
    grid = new Grid(nest.directions(), widths);
    int size = grid.size();
    List<Boolean> everywhere = Collections.nCopies(widths.length, true);
    stepFrom = new int[size];
    stepHop = new int[size];
    for (int element = 0; element < size; element++) {
      arrive(element, grid.arrival(element, everywhere), stepFrom, stepHop);
    }
    int operands = nest.operands().size();
    operandFrom = new int[operands][size];
    operandHop = new int[operands][size];
    operandEdge = new int[operands][size];
    isPassedOn = new boolean[operands];
    offset = new int[operands + 1][size];
    isAtPort = new boolean[operands + 1][size];
    portElements = new int[operands + 1];
    for (int operand = 0; operand < operands; operand++) {
      Nest.Use use = nest.operands().get(operand);
      for (int element = 0; element < size; element++) {
        int direction = grid.arrival(element, use.merged());
        arrive(element, direction, operandFrom[operand], operandHop[operand]);
        operandEdge[operand][element] = grid.edge(element, use.merged());
        isPassedOn[operand] |= direction != Grid.NONE;
      }
      access(nest, operand, use);
    }
    access(nest, operands, nest.result().use());
    List<Integer> merging = merging(nest.result().use());
    sumFrom = new int[merging.size()][size];
    sumHop = new int[merging.size()][size];
    leaves = new boolean[size];
    sumEnd = new int[size];
    for (int element = 0; element < size; element++) {
      leaves[element] = merge(element, merging);
      sumEnd[element] = grid.end(element, nest.result().use().merged());
    }
  }

  private void arrive(int element, int direction, int[] from, int[] hop) {
    from[element] = direction == Grid.NONE ? Grid.NONE : grid.neighbourBefore(element, direction);
    hop[element] = direction == Grid.NONE ? 0 : grid.hop(direction);
  }

  private void access(Nest nest, int access, Nest.Use use) {
    for (int element = 0; element < grid.size(); element++) {
      long behind = 0;
      boolean isFirst = true;
      for (int d = 0; d < grid.directions(); d++) {
        Loop loop = nest.directions().get(d).loop();
        int position = grid.position(element, d);
        behind += position * loop.tile() * use.address().weight(loop.rank());
        isFirst &= position == 0 || !(use.merged().get(d) || use.selects().get(d));
      }
      offset[access][element] = (int) behind;
      isAtPort[access][element] = isFirst;
      portElements[access] += isFirst ? 1 : 0;
    }
  }

  private List<Integer> merging(Nest.Use result) {
    return IntStream.range(0, grid.directions()).filter(result.merged()::get).boxed().toList();
  }

  /**
   * Sums pass along the first direction to its end, there along the second, and so on.
   *
   * @return whether they leave at this element
   */
  private boolean merge(int element, List<Integer> merging) {
    boolean isEnd = true;
    for (int i = 0; i < merging.size(); i++) {
      int direction = merging.get(i);
      boolean arrives = isEnd && grid.position(element, direction) > 0;
      arrive(element, arrives ? direction : Grid.NONE, sumFrom[i], sumHop[i]);
      isEnd &= grid.isAtEnd(element, direction);
    }
    return isEnd;
  }
}
