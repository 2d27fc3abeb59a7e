package dev.weir.cli.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Files, bodies of methods, constructors, initialisers and lambdas, and types stay small. */
class SizeTest {
  private static final long FILE_LINES = 500;
  private static final long BODY_LINES = 60;
  private static final long METHODS_OF_A_TYPE = 25;

  @Test
  void filesAndBodiesOfTheTreeAreWithinTheLimits() {
    List<Size> sizes = sizes(JavaSources.ofTree());
    for (Kind kind : Kind.values()) {
      of(kind, sizes)
          .max(Comparator.comparingLong(Size::amount))
          .ifPresent(largest -> System.out.println("largest " + kind.words + ": " + largest));
    }
    of(Kind.TYPE, sizes)
        .filter(size -> size.amount > METHODS_OF_A_TYPE)
        .forEach(size -> System.out.println("warning: over " + METHODS_OF_A_TYPE + ": " + size));

    Violation.assertNone(violations(sizes));
  }

  @Test
  void longFileIsCaught() {
    List<Size> sizes = sizes(JavaSources.ofText("class Long {\n" + "\n".repeat(499) + "}\n"));

    assertThat(violations(sizes))
        .extracting(Violation::measure)
        .containsExactly("file of 501 lines");
  }

  @Test
  void longMethodIsCaughtAlsoInAnAnonymousClass() {
    String body = "int i = 0;\n" + "i++;\n".repeat(57);
    String text =
        """
        class Long {
          void exactlySixty() {
            %s}
          Object object = new Object() {
            void sixtyOne() {
              %s;
            }
          };
        }
        """
            .formatted(body, body);

    assertThat(violations(sizes(JavaSources.ofText(text))))
        .extracting(Violation::line, Violation::measure)
        .containsExactly(tuple(63L, "method sixtyOne of 61 lines"));
  }

  @Test
  void longConstructorInitialiserAndFieldLambdaAreCaught() {
    String body = "{" + "\n;".repeat(60) + "\n}";
    String text =
        "class Long { Long() %s static %s Runnable field = () -> %s; }".formatted(body, body, body);

    assertThat(violations(sizes(JavaSources.ofText(text))))
        .extracting(Violation::measure)
        .containsExactlyInAnyOrder(
            "constructor of 62 lines", "initialiser of 62 lines", "lambda of 62 lines");
  }

  @Test
  void methodsOfATypeAreCountedWithoutItsNestedTypes() {
    String methods =
        IntStream.range(0, 3).mapToObj("void method%d() {}"::formatted).reduce("", String::concat);

    assertThat(
            of(
                Kind.TYPE,
                sizes(JavaSources.ofText("class A { class B { %s } }".formatted(methods)))))
        .extracting(Size::name, Size::amount)
        .containsExactlyInAnyOrder(tuple("type A", 0L), tuple("type B", 3L));
  }

  private enum Kind {
    FILE("file", "lines", FILE_LINES),
    BODY("body", "lines", BODY_LINES),
    TYPE("type", "methods", Long.MAX_VALUE);

    private final String words;
    private final String unit;
    private final long limit;

    Kind(String words, String unit, long limit) {
      this.words = words;
      this.unit = unit;
      this.limit = limit;
    }
  }

  private record Size(Kind kind, Path file, long line, String name, long amount) {
    @Override
    public String toString() {
      return file + ":" + line + ": " + measure();
    }

    String measure() {
      return name + " of " + amount + " " + kind.unit;
    }
  }

  private static Stream<Size> of(Kind kind, List<Size> sizes) {
    return sizes.stream().filter(size -> size.kind == kind);
  }

  private static List<Violation> violations(List<Size> sizes) {
    return sizes.stream()
        .filter(size -> size.amount > size.kind.limit)
        .map(
            size ->
                new Violation(
                    size.file, size.line, size.measure(), size.kind.limit + " " + size.kind.unit))
        .toList();
  }

  private static List<Size> sizes(JavaSources sources) {
    var sizes = new ArrayList<Size>();
    for (CompilationUnitTree unit : sources.units()) {
      new Scanner(sources, unit, sizes).scan(unit, null);
    }
    return sizes;
  }

  private static final class Scanner extends TreePathScanner<Void, Void> {
    private final JavaSources sources;
    private final CompilationUnitTree unit;
    private final LineMap lines;
    private final List<Size> sizes;

    Scanner(JavaSources sources, CompilationUnitTree unit, List<Size> sizes) {
      this.sources = sources;
      this.unit = unit;
      this.lines = unit.getLineMap();
      this.sizes = sizes;
    }

    @Override
    public Void visitCompilationUnit(CompilationUnitTree node, Void unused) {
      long count = SizeTest.text(node).lines().count();
      sizes.add(new Size(Kind.FILE, JavaSources.path(node), 1, "file", count));
      return super.visitCompilationUnit(node, null);
    }

    @Override
    public Void visitClass(ClassTree node, Void unused) {
      long methods = node.getMembers().stream().filter(MethodTree.class::isInstance).count();
      long line =
          lines.getLineNumber(sources.trees().getSourcePositions().getStartPosition(unit, node));
      sizes.add(
          new Size(
              Kind.TYPE, JavaSources.path(unit), line, "type " + node.getSimpleName(), methods));
      for (Tree member : node.getMembers()) {
        if (member instanceof BlockTree initialiser) {
          addBody("initialiser", initialiser);
        }
      }
      return super.visitClass(node, null);
    }

    @Override
    public Void visitMethod(MethodTree node, Void unused) {
      if (node.getBody() != null) {
        boolean constructor = node.getReturnType() == null;
        addBody(constructor ? "constructor" : "method " + node.getName(), node.getBody());
      }
      return super.visitMethod(node, null);
    }

    @Override
    public Void visitLambdaExpression(LambdaExpressionTree node, Void unused) {
      addBody("lambda", node.getBody());
      return super.visitLambdaExpression(node, null);
    }

    /** From the opening to the closing brace, both included: annotations and Javadoc are free. */
    private void addBody(String name, Tree body) {
      var positions = sources.trees().getSourcePositions();
      long first = lines.getLineNumber(positions.getStartPosition(unit, body));
      long last = lines.getLineNumber(positions.getEndPosition(unit, body));
      sizes.add(new Size(Kind.BODY, JavaSources.path(unit), first, name, last - first + 1));
    }
  }

  private static String text(CompilationUnitTree unit) {
    try {
      return unit.getSourceFile().getCharContent(true).toString();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
