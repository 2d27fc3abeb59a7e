package dev.weir.mapper.program;

import dev.weir.mapper.program.Expressions.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What of a program is worked out where. An expression that is needed once is worked out where that
 * is; others have a variable. A large program is shared out to several methods, as the virtual
 * machine compiles none of more than 8,000 bytes; results, and what several methods need, stand in
 * the memory.
 */
final class Layout {

  /** In expressions, of some ten bytes each. */
  private static final int LARGEST_METHOD = 500;

  /** Long chains would fill the operand stack. */
  private static final int LARGEST_VARIABLE = 50;

  private final List<Node> nodes;
  private final List<Integer> results;

  /** By expression: how often it is needed. */
  private final int[] uses;

  /** By expression with a variable: how many are worked out together with it; 0 for others. */
  private final int[] size;

  /** By expression with a variable. */
  private final int[] methodOf;

  /** By expression that stands in the memory. */
  private final Map<Integer, Integer> memoryOf = new HashMap<>();

  /** By expression that calls a function. */
  private final Map<Integer, Integer> inputsOf = new HashMap<>();

  private final List<List<Integer>> methods = new ArrayList<>();
  private int memory;

  Layout(List<Node> nodes, List<Integer> results) {
    this.nodes = nodes;
    this.results = results;
    this.uses = new int[nodes.size()];
    this.size = new int[nodes.size()];
    this.methodOf = new int[nodes.size()];
    this.memory = results.size();
    countUses();
    for (int i = 0; i < results.size(); i++) {
      memoryOf.putIfAbsent(results.get(i), i);
    }
    shareOut();
    for (List<Integer> method : methods) {
      method.forEach(this::remember);
    }
  }

  private void countUses() {
    results.forEach(result -> uses[result]++);
    for (int expression = nodes.size() - 1; expression >= 0; expression--) {
      if (uses[expression] > 0) {
        nodes.get(expression).inputs().forEach(input -> uses[input]++);
      }
    }
  }

  private boolean hasVariable(int expression) {
    return size[expression] > 0;
  }

  /** Whether an expression needs a variable, in which so much is worked out at once. */
  private boolean needsVariable(int expression, int together) {
    return switch (nodes.get(expression).operation()) {
      case CONSTANT, ARGUMENT -> false;
      case PLUS, MINUS, TIMES, MOST, LEAST, CEILING, IF_EQUAL, CALL ->
          uses[expression] > 1
              || (uses[expression] == 1
                  && (memoryOf.containsKey(expression) || together >= LARGEST_VARIABLE));
    };
  }

  private void shareOut() {
    methods.add(new ArrayList<>());
    int inMethod = 0;
    int[] together = new int[nodes.size()];
    for (int expression = 0; expression < nodes.size(); expression++) {
      together[expression] = 1;
      for (int input : nodes.get(expression).inputs()) {
        together[expression] += hasVariable(input) ? 1 : together[input];
      }
      if (needsVariable(expression, together[expression])) {
        size[expression] = together[expression];
        if (inMethod > 0 && inMethod + size[expression] > LARGEST_METHOD) {
          methods.add(new ArrayList<>());
          inMethod = 0;
        }
        inMethod += size[expression];
        methodOf[expression] = methods.size() - 1;
        methods.getLast().add(expression);
      }
    }
  }

  /** Finds room for what an expression, in its method, needs of other methods and for calls. */
  private void remember(int expression) {
    remember(expression, methodOf[expression]);
  }

  private void remember(int expression, int method) {
    Node node = nodes.get(expression);
    if (node.operation() == Operation.CALL) {
      inputsOf.put(expression, memory);
      memory += node.inputs().size();
    }
    for (int input : node.inputs()) {
      if (!hasVariable(input)) {
        remember(input, method);
      } else if (methodOf[input] != method && !memoryOf.containsKey(input)) {
        memoryOf.put(input, memory++);
      }
    }
  }

  List<Node> nodes() {
    return nodes;
  }

  /** Expressions on which results depend, in order. */
  List<Integer> needed() {
    return IntStream.range(0, uses.length).filter(i -> uses[i] > 0).boxed().toList();
  }

  int methods() {
    return methods.size();
  }

  /** Expressions with variables in a method, in order. */
  List<Integer> expressions(int method) {
    return methods.get(method);
  }

  /** Whether an expression stands in the memory once its method has run. */
  boolean isRemembered(int expression) {
    return hasVariable(expression) && memoryOf.containsKey(expression);
  }

  /** Where it stands. */
  int memoryOf(int expression) {
    return memoryOf.get(expression);
  }

  /** Where the inputs of a call stand. */
  int inputsOf(int call) {
    return inputsOf.get(call);
  }

  /** Results that do not stand in their places when all expressions of the methods have run. */
  List<Integer> left() {
    List<Integer> left = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      int expression = results.get(i);
      if (!isRemembered(expression) || memoryOf(expression) != i) {
        left.add(i);
      }
    }
    return left;
  }

  /** The expression of a result. */
  int expressionOf(int result) {
    return results.get(result);
  }

  /** Length of the memory. */
  int memory() {
    return memory;
  }
}
