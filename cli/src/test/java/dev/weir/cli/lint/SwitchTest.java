package dev.weir.cli.lint;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.BindingPatternTree;
import com.sun.source.tree.CaseLabelTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.DefaultCaseLabelTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.PatternCaseLabelTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.TypeVariable;
import javax.lang.model.util.Types;
import org.junit.jupiter.api.Test;

/**
 * A switch over a sealed type or an enum of ours names every case, so that whoever adds one is told
 * by the compiler where it matters. Types of libraries are free: they may grow without us.
 */
class SwitchTest {

  private static final String TYPES =
      """
      package dev.weir.planted;
      sealed interface Shape { record Square() implements Shape {} record Disc() implements Shape {} }
      enum Colour { RED, GREEN }
      """;

  @Test
  void noSwitchOfTheTreeHidesACase() {
    Violation.assertNone(violations(JavaSources.ofTree()));
  }

  @Test
  void defaultOverASealedTypeIsCaughtInStatementAndExpression() {
    assertThat(
            planted(
                """
                void statement(Shape shape) {
                  switch (shape) { case Shape.Square _ -> {} default -> {} }
                }
                int expression(Shape shape) {
                  return switch (shape) { case Shape.Square _ -> 1; case null, default -> 2; };
                }
                <S extends Shape> int variable(S shape) {
                  return switch (shape) { case Shape.Square _ -> 1; default -> 2; };
                }
                """))
        .extracting(Violation::line)
        .containsExactly(4L, 7L, 10L);
  }

  @Test
  void defaultOverAnEnumIsCaught() {
    assertThat(
            planted("int code(Colour c) { return switch (c) { case RED -> 1; default -> 2; }; }"))
        .extracting(Violation::measure)
        .containsExactly("default in a switch over dev.weir.planted.Colour");
  }

  @Test
  void patternThatMatchesEverythingIsCaught() {
    assertThat(
            planted(
                "int all(Shape s) { return switch (s) { case Shape.Disc _ -> 1; case Shape _ -> 2;"
                    + " }; }"))
        .hasSize(1);
  }

  @Test
  void unknownTypeIsCaught() {
    assertThat(planted("int any(Missing m) { return switch (m) { default -> 2; }; }"))
        .extracting(Violation::measure)
        .containsExactly("default in a switch over a type that is not on the class path");
  }

  @Test
  void openTypesForeignEnumsAndWholeSwitchesAreFree() {
    assertThat(
            planted(
                """
                int text(String s) { return switch (s) { case "a" -> 1; default -> 2; }; }
                int foreign(Thread.State s) { return switch (s) { case NEW -> 1; default -> 2; }; }
                int open(Object o) { return switch (o) { case Shape _ -> 1; default -> 2; }; }
                int whole(Colour c) { return switch (c) { case RED -> 1; case GREEN -> 2; }; }
                """))
        .isEmpty();
  }

  private static List<Violation> planted(String methods) {
    return violations(
        JavaSources.ofText(
            TYPES, "package dev.weir.planted;\nclass Planted {\n" + methods + "\n}"));
  }

  private static List<Violation> violations(JavaSources sources) {
    sources.attribute();
    var violations = new ArrayList<Violation>();
    for (CompilationUnitTree unit : sources.units()) {
      new Scanner(sources, unit, violations).scan(unit, null);
    }
    return violations;
  }

  private static final class Scanner extends TreePathScanner<Void, Void> {
    private final JavaSources sources;
    private final CompilationUnitTree unit;
    private final List<Violation> violations;

    Scanner(JavaSources sources, CompilationUnitTree unit, List<Violation> violations) {
      this.sources = sources;
      this.unit = unit;
      this.violations = violations;
    }

    @Override
    public Void visitSwitch(SwitchTree node, Void unused) {
      check(node.getExpression(), node.getCases());
      return super.visitSwitch(node, null);
    }

    @Override
    public Void visitSwitchExpression(SwitchExpressionTree node, Void unused) {
      check(node.getExpression(), node.getCases());
      return super.visitSwitchExpression(node, null);
    }

    private void check(ExpressionTree selector, List<? extends CaseTree> cases) {
      TypeMirror type = type(getCurrentPath(), selector);
      for (CaseTree choice : cases) {
        for (CaseLabelTree label : choice.getLabels()) {
          if (takesTheRest(choice, label, type)) {
            report(label, type);
          }
        }
      }
    }

    private boolean takesTheRest(CaseTree choice, CaseLabelTree label, TypeMirror selector) {
      if (label instanceof DefaultCaseLabelTree) {
        return true;
      }
      if (choice.getGuard() == null
          && label instanceof PatternCaseLabelTree pattern
          && pattern.getPattern() instanceof BindingPatternTree binding) {
        Types types = sources.task().getTypes();
        TypeMirror matched =
            sources
                .trees()
                .getTypeMirror(new TreePath(getCurrentPath(), binding.getVariable().getType()));
        return matched != null && types.isSubtype(types.erasure(selector), types.erasure(matched));
      }
      return false;
    }

    private void report(CaseLabelTree label, TypeMirror type) {
      long start = sources.trees().getSourcePositions().getStartPosition(unit, label);
      if (type == null || type.getKind() == TypeKind.ERROR) {
        add(start, "a type that is not on the class path");
      } else if (isClosedTypeOfOurs(type)) {
        add(start, type.toString());
      }
    }

    private void add(long start, String type) {
      violations.add(
          new Violation(
              JavaSources.path(unit),
              unit.getLineMap().getLineNumber(start),
              "default in a switch over " + type,
              "name every case"));
    }

    private TypeMirror type(TreePath parent, ExpressionTree expression) {
      TypeMirror type = sources.trees().getTypeMirror(new TreePath(parent, expression));
      while (type instanceof TypeVariable variable) {
        type = variable.getUpperBound();
      }
      return type;
    }

    private static boolean isClosedTypeOfOurs(TypeMirror type) {
      return type instanceof DeclaredType declared
          && declared.asElement() instanceof TypeElement element
          && element.getQualifiedName().toString().startsWith("dev.weir.")
          && (element.getKind() == ElementKind.ENUM
              || element.getModifiers().contains(Modifier.SEALED));
    }
  }
}
