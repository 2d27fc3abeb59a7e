package dev.weir.einsum.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.check.ShippedCascades;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is printed reads as the same tree and prints as the same text, however it was written. */
class StableTextTest {

  private static final long SEED = 28_11_2026;
  private static final int TEXTS = 1_000;
  private static final List<String> NAMES = List.of("A", "QK", "m1", "M0", "scale", "x_2");
  private static final List<String> NUMBERS = List.of("0", "2.5", "inf", "1e-5", "64");
  private static final List<String> OPERATORS =
      List.of("+", "-", "*", "/", "%", "^", "*{union}", "+{left}");
  private static final List<String> RELATIONS = List.of("<", "<=", ">", ">=", "==", "!=");

  private final Random random = new Random(SEED);

  @Test
  void shippedCascadesAreStable() {
    assertThat(ShippedCascades.files())
        .hasSizeGreaterThan(20)
        .allSatisfy(path -> assertStable(SourceFile.read(path)));
  }

  @Test
  void textsOfTheGrammarAreStable() {
    for (int i = 0; i < TEXTS; i++) {
      assertStable(new SourceFile("text " + i + ", seed " + SEED, cascade()));
    }
  }

  private static void assertStable(SourceFile file) {
    CascadeSyntax tree = parsed(file);
    String printed = Printer.print(tree);
    CascadeSyntax again = parsed(new SourceFile(file.name(), printed));
    assertThat(again)
        .as("%s:%n%s%nis printed as%n%s", file.name(), file.text(), printed)
        .usingRecursiveComparison()
        .ignoringFieldsOfTypes(Span.class)
        .isEqualTo(tree);
    assertThat(Printer.print(again)).as(file.name()).isEqualTo(printed);

    String formatted = Formatter.format(file, new Diagnostics()).orElseThrow();
    assertThat(Formatter.format(new SourceFile(file.name(), formatted), new Diagnostics()))
        .as(file.name())
        .contains(formatted);
  }

  private static CascadeSyntax parsed(SourceFile file) {
    Diagnostics diagnostics = new Diagnostics();
    CascadeSyntax tree = Parser.parse(file, diagnostics);
    assertThat(diagnostics.render()).as("%s:%n%s", file.name(), file.text()).isEmpty();
    return tree;
  }

  /** A text of the grammar of docs/language.md, with any spaces, line ends and comments. */
  private String cascade() {
    StringBuilder text = new StringBuilder(end("cascade c" + maybe(" \"a \\\"b\\\"\"")));
    for (int i = random.nextInt(8); i >= 0; i--) {
      text.append(end(statement()));
    }
    return text.toString();
  }

  private String statement() {
    return switch (random.nextInt(9)) {
      case 0 -> "ranks " + list(() -> name() + maybe(" =" + term(2)));
      case 1 ->
          "partition " + list(() -> name() + "=" + name() + "*" + name() + maybe(" by " + term(1)));
      case 2 -> "inputs " + list(() -> name() + maybe("[" + list(this::name) + "]"));
      case 3 -> "scalar " + list(() -> name() + "=" + term(3));
      case 4 ->
          "function f(" + list(this::name) + ") =" + term(3) + maybe(" :: cost(" + name() + ")");
      case 5 -> "empty " + list(() -> name() + " = " + maybe("-") + pick(NUMBERS));
      case 6 -> "outputs " + list(this::name);
      default ->
          (random.nextBoolean() ? name() : access(2))
              + " ="
              + term(4)
              + maybe(" ::" + space() + "max(" + list(this::name) + ")")
              + maybe(" |" + condition(3));
    };
  }

  private String term(int depth) {
    String text =
        switch (depth == 0 ? random.nextInt(2) : random.nextInt(8)) {
          case 0 -> name();
          case 1 -> pick(NUMBERS);
          case 2 -> access(depth - 1);
          case 3 -> "max" + maybe("{union}") + "(" + list(() -> term(depth - 1)) + ")";
          case 4 -> "-" + term(depth - 1);
          case 5 -> "(" + term(depth - 1) + ")";
          default -> term(depth - 1) + space() + pick(OPERATORS) + space() + term(depth - 1);
        };
    return space() + text;
  }

  private String condition(int depth) {
    String text =
        switch (depth == 0 ? 0 : random.nextInt(5)) {
          case 0 -> term(1) + " " + pick(RELATIONS) + term(1);
          case 1 -> "not " + condition(depth - 1);
          case 2 -> "(" + condition(depth - 1) + ")";
          case 3 -> condition(depth - 1) + " and " + condition(depth - 1);
          default -> condition(depth - 1) + " or " + condition(depth - 1);
        };
    return " " + text;
  }

  private String access(int depth) {
    return name() + "[" + list(() -> term(depth)) + "]";
  }

  private String list(Supplier<String> item) {
    return Stream.generate(item)
        .limit(1L + random.nextInt(3))
        .collect(Collectors.joining("," + space()));
  }

  /** Anything that separates tokens inside a statement: after a symbol reading goes on. */
  private String space() {
    return pick(List.of("", "", " ", "  ", "\t"));
  }

  private String end(String line) {
    return pick(List.of("", "  ", "\n", "# before\n"))
        + line
        + pick(List.of("\n", "\n\n\n", "  # why\n", " \n  #  indented\n"));
  }

  private String name() {
    return pick(NAMES);
  }

  private String maybe(String text) {
    return random.nextBoolean() ? text : "";
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
