package dev.weir.opencl.emit;

import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.kernel.Value;
import dev.weir.opencl.kernel.Value.Operator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Prints values, and remembers which functions of its own the text calls. */
final class ValuePrinter {

  private static final int ATOM = 9;

  private final Map<String, String> functions = new LinkedHashMap<>();

  /** Definitions of the functions that printed text calls. */
  Iterable<String> functions() {
    return functions.values();
  }

  String print(Value value) {
    return switch (value) {
      case Value.Real number -> number(number);
      case Value.Whole whole -> Long.toString(whole.value());
      case Value.LaneNumbers numbers ->
          IntStream.range(0, numbers.lanes())
              .mapToObj(Integer::toString)
              .collect(Collectors.joining(", ", "(" + numbers.type().text() + ")(", ")"));
      case Value.GridPosition p ->
          (p.ofGroup() ? "get_group_id(" : "get_local_id(") + p.dimension() + ")";
      case Value.Variable variable -> variable.name();
      case Value.Broadcast broadcast -> broadcast(broadcast);
      case Value.Infix infix -> infix(infix);
      case Value.Call call ->
          call.arguments().stream()
              .map(this::print)
              .collect(Collectors.joining(", ", call.function().text() + "(", ")"));
      case Value.Negated negated -> "-" + atom(negated.operand());
      case Value.Not not -> (not.mask().type().lanes() == 1 ? "!" : "~") + atom(not.mask());
      case Value.ToFloat convert ->
          "convert_" + convert.type().text() + "(" + print(convert.operand()) + ")";
      case Value.ToDouble convert ->
          "convert_" + convert.type().text() + "(" + print(convert.operand()) + ")";
      case Value.ToInt convert ->
          "convert_" + convert.type().text() + "(" + print(convert.operand()) + ")";
      case Value.Select select -> select(select);
      case Value.Element element -> element(element);
      case Value.Neighbours n ->
          load(n.array()) + n.lanes() + "(0, " + address(n.array(), n.index()) + ")";
      case Value.Gathered gathered ->
          gather(gathered) + "(" + gathered.array().name() + ", " + print(gathered.indices()) + ")";
      case Value.Half half -> atom(half.vector()) + (half.isUpper() ? ".hi" : ".lo");
      case Value.ToBits convert -> reinterpreted(convert, convert.operand());
      case Value.FromBits convert -> reinterpreted(convert, convert.operand());
      case Value.ExponentialPolynomial exponential ->
          throw new IllegalArgumentException(exponential + " (expected it written out by a pass)");
    };
  }

  private String reinterpreted(Value value, Value operand) {
    return "as_" + value.type().text() + "(" + print(operand) + ")";
  }

  String address(Array array, Value index) {
    return array.name() + " + " + print(index);
  }

  private static boolean isHalf(Array array) {
    return array.element().kind() == Type.Kind.HALF;
  }

  private String element(Value.Element element) {
    String name = element.array().name();
    String index = print(element.index());
    return isHalf(element.array())
        ? load(element.array()) + "(" + index + ", " + name + ")"
        : name + "[" + index + "]";
  }

  /** The built-in function that loads neighbours, without their number. */
  private static String load(Array array) {
    return isHalf(array) ? "vload_half" : "vload";
  }

  /** The statement that stores one element. */
  String store(Array array, Value index, Value value) {
    return isHalf(array)
        ? "vstore_half_rte(%s, %s, %s);".formatted(print(value), print(index), array.name())
        : "%s[%s] = %s;".formatted(array.name(), print(index), print(value));
  }

  /** The statement that stores the lanes of a value to neighbours. */
  String storeNeighbours(Array array, Value index, Value value) {
    int lanes = value.type().lanes();
    return "%s(%s, 0, %s);"
        .formatted(
            isHalf(array) ? "vstore_half" + lanes + "_rte" : "vstore" + lanes,
            print(value),
            address(array, index));
  }

  private static String number(Value.Real number) {
    double value = number.value();
    if (Double.isInfinite(value)) {
      return value > 0 ? "INFINITY" : "-INFINITY";
    }
    if (Double.isNaN(value)) {
      return "NAN";
    }
    return number.type().equals(Type.DOUBLE) ? Double.toString(value) : (float) value + "f";
  }

  /** A scalar truth is 1, a vector's −1. */
  private String broadcast(Value.Broadcast broadcast) {
    String scalar = print(broadcast.scalar());
    boolean isMask = broadcast.type().kind() == Type.Kind.MASK;
    return "(" + broadcast.type().text() + ")(" + (isMask ? "-(" + scalar + ")" : scalar) + ")";
  }

  /** A comparison of vectors of doubles gives longs; masks are ints. */
  private String infix(Value.Infix infix) {
    return isOfLongs(infix)
        ? "convert_" + infix.type().text() + "(" + bareInfix(infix) + ")"
        : bareInfix(infix);
  }

  private static boolean isOfLongs(Value.Infix infix) {
    return infix.type().lanes() > 1
        && infix.type().kind() == Type.Kind.MASK
        && infix.left().type().kind() == Type.Kind.DOUBLE;
  }

  private String bareInfix(Value.Infix infix) {
    int precedence = infix.operator().precedence();
    String left = operand(infix.left(), precedence);
    String right = operand(infix.right(), precedence + 1);
    return left + " " + infix.operator().text() + " " + right;
  }

  /** Masks are always in parentheses: not everyone knows how C binds {@code &} and {@code <}. */
  private String operand(Value value, int least) {
    boolean isMaskInMask = value.type().kind() == Type.Kind.MASK && precedence(value) < ATOM;
    boolean isBare = precedence(value) >= least && !isMaskInMask;
    return isBare ? print(value) : "(" + print(value) + ")";
  }

  private String atom(Value value) {
    return precedence(value) == ATOM ? print(value) : "(" + print(value) + ")";
  }

  private static int precedence(Value value) {
    return switch (value) {
      case Value.Infix infix -> isOfLongs(infix) ? ATOM : infix.operator().precedence();
      case Value.Select select -> select.mask().type().lanes() == 1 ? -1 : ATOM;
      case Value.Negated _, Value.Not _ -> Operator.MULTIPLY.precedence();
      case Value.Real number -> number.value() < 0 ? Operator.MULTIPLY.precedence() : ATOM;
      case Value.Whole whole -> whole.value() < 0 ? Operator.MULTIPLY.precedence() : ATOM;
      case Value.LaneNumbers _, Value.GridPosition _, Value.Variable _, Value.Broadcast _ -> ATOM;
      case Value.Call _, Value.ToFloat _, Value.ToDouble _ -> ATOM;
      case Value.ToInt _, Value.Element _ -> ATOM;
      case Value.Neighbours _, Value.Gathered _, Value.Half _ -> ATOM;
      case Value.ToBits _, Value.FromBits _, Value.ExponentialPolynomial _ -> ATOM;
    };
  }

  private String select(Value.Select select) {
    if (select.mask().type().lanes() == 1) {
      return operand(select.mask(), 0)
          + " ? "
          + operand(select.then(), 0)
          + " : "
          + operand(select.otherwise(), 0);
    }
    return "select("
        + print(select.otherwise())
        + ", "
        + print(select.then())
        + ", "
        + (select.type().kind() == Type.Kind.DOUBLE ? longs(select.mask()) : print(select.mask()))
        + ")";
  }

  /** A mask of lanes as wide as doubles, as {@code select} wants it for them. */
  private String longs(Value mask) {
    return mask instanceof Value.Infix infix && isOfLongs(infix)
        ? bareInfix(infix)
        : "convert_long" + mask.type().lanes() + "(" + print(mask) + ")";
  }

  private String gather(Value.Gathered gathered) {
    Array array = gathered.array();
    int lanes = gathered.type().lanes();
    String name = name("gather", array, lanes);
    String loads =
        IntStream.range(0, lanes)
            .mapToObj(lane -> "at." + component(lane))
            .map(at -> isHalf(array) ? "vload_half(" + at + ", from)" : "from[" + at + "]")
            .collect(Collectors.joining(", "));
    functions.put(
        name,
        """
        // Elements of an array at an index a lane.
        static inline %s %s(%s const %s *from, int%d at) {
          return (%s)(%s);
        }
        """
            .formatted(
                gathered.type().text(),
                name,
                array.space().text(),
                array.element().text(),
                lanes,
                gathered.type().text(),
                loads));
    return name;
  }

  /** The function that stores lanes to an index a lane, all or those of a mask. */
  String scatter(Array array, int lanes, boolean isMasked) {
    String name = name(isMasked ? "scatter_masked" : "scatter", array, lanes);
    String stores =
        IntStream.range(0, lanes)
            .mapToObj(
                lane -> {
                  String c = component(lane);
                  String guard = isMasked ? "if (mask." + c + ") " : "";
                  String store =
                      isHalf(array)
                          ? "vstore_half_rte(value.%s, at.%s, to)".formatted(c, c)
                          : "to[at.%s] = value.%s".formatted(c, c);
                  return "  " + guard + store + ";\n";
                })
            .collect(Collectors.joining());
    functions.put(
        name,
        """
        // Lanes of a value to an index a lane%s.
        static inline void %s(%s %s *to, int%d at, %s%d value%s) {
        %s}
        """
            .formatted(
                isMasked ? ", where the mask holds" : "",
                name,
                array.space().text(),
                array.element().text(),
                lanes,
                array.element().loaded().text(),
                lanes,
                isMasked ? ", int" + lanes + " mask" : "",
                stores));
    return name;
  }

  private static String name(String what, Array array, int lanes) {
    String space = array.space().text().replace("__", "");
    return "%s_%s_%s%d".formatted(what, space, array.element().text(), lanes);
  }

  private static String component(int lane) {
    return "s" + Integer.toHexString(lane);
  }
}
