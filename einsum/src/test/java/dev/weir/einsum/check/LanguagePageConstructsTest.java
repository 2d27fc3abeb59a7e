package dev.weir.einsum.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.MergeOperator;
import dev.weir.einsum.ir.Monoid;
import dev.weir.einsum.ir.Populate;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.ScalarFunction;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.UnaryOperator;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.syntax.Parser;
import dev.weir.einsum.syntax.Statement;
import dev.weir.einsum.syntax.Term;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the language can say stands in an example of docs/language.md. */
class LanguagePageConstructsTest {

  /** Kinds of records and constants of enums in the syntax trees and cascades of all examples. */
  private static final Set<Object> SHOWN = shown();

  @ParameterizedTest
  @ValueSource(
      classes = {
        Statement.class,
        Term.class,
        Expression.class,
        Condition.class,
        Index.class,
        Quantity.class
      })
  void everyKindHasAnExample(Class<?> sealed) {
    assertThat(sealed.getPermittedSubclasses()).isNotEmpty();
    assertThat(SHOWN).contains((Object[]) sealed.getPermittedSubclasses());
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        Condition.Comparison.class,
        Quantity.Arithmetic.class,
        BinaryOperator.class,
        UnaryOperator.class,
        MergeOperator.class,
        Monoid.class,
        Populate.Order.class,
        ScalarFunction.Direction.class,
        Tensor.Role.class
      })
  void everyWordHasAnExample(Class<?> words) {
    assertThat(words.getEnumConstants()).isNotEmpty();
    assertThat(SHOWN).contains(words.getEnumConstants());
  }

  private static Set<Object> shown() {
    Set<Object> shown = new HashSet<>();
    for (SourceFile example : LanguagePageTest.examples()) {
      collect(Parser.parse(example, new Diagnostics()), shown);
      collect(CascadeReader.read(example, new Diagnostics()).orElseThrow(), shown);
    }
    return shown;
  }

  private static void collect(Object node, Set<Object> shown) {
    switch (node) {
      case Record composite -> {
        shown.add(composite.getClass());
        parts(composite).forEach(part -> collect(part, shown));
      }
      case Enum<?> word -> shown.add(word);
      case Optional<?> maybe -> maybe.ifPresent(part -> collect(part, shown));
      case Collection<?> parts -> parts.forEach(part -> collect(part, shown));
      case Map<?, ?> parts -> {
        parts.keySet().forEach(part -> collect(part, shown));
        parts.values().forEach(part -> collect(part, shown));
      }
      default -> {
        // Texts and numbers have no kind.
      }
    }
  }

  private static Stream<Object> parts(Record composite) {
    return Stream.of(composite.getClass().getRecordComponents())
        .map(component -> part(composite, component));
  }

  private static Object part(Record composite, RecordComponent component) {
    try {
      return component.getAccessor().invoke(composite);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(component + " of " + composite.getClass(), e);
    }
  }
}
