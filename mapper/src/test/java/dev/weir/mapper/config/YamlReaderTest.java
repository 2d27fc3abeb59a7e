package dev.weir.mapper.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.source.Diagnostic;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
import dev.weir.mapper.config.ConfigNode.Entry;
import dev.weir.mapper.config.ConfigNode.Mapping;
import dev.weir.mapper.config.ConfigNode.Sequence;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Aliases, merges and scalars mean what hand-written JSON says; positions; refusals. */
class YamlReaderTest {

  @Test
  void aliasesMeanWhatTheyName() {
    assertMeans(
        """
        base: &base {width: 256, hop: [1, 2]}
        rows: *base
        list: [*base, 3]
        """,
        """
        {"base": {"width": 256, "hop": [1, 2]}, "rows": {"width": 256, "hop": [1, 2]},
         "list": [{"width": 256, "hop": [1, 2]}, 3]}
        """);
  }

  @Test
  void anchorThatIsSetAgainMeansTheLatestBefore() {
    assertMeans("[&a 1, *a, &a 2, *a]", "[1, 1, 2, 2]");
  }

  @Test
  void ownKeysWinOverMergedOnesWhereverTheyStand() {
    assertMeans(
        """
        base: &base {a: 1, b: 2}
        before: {b: 3, <<: *base}
        after: {<<: *base, b: 3}
        """,
        """
        {"base": {"a": 1, "b": 2}, "before": {"b": 3, "a": 1}, "after": {"a": 1, "b": 3}}
        """);
  }

  @Test
  void earlierOfMergedMappingsWins() {
    assertMeans(
        """
        one: &one {a: 1, b: 1}
        two: &two {b: 2, c: 2}
        both: {<<: [*one, *two, {d: 4, a: 9}]}
        """,
        """
        {"one": {"a": 1, "b": 1}, "two": {"b": 2, "c": 2},
         "both": {"a": 1, "b": 1, "c": 2, "d": 4}}
        """);
  }

  @Test
  void mergesOfMergesAndNullsAreResolved() {
    assertMeans(
        """
        one: &one {a: 1, n: ~}
        two: &two {<<: *one, b: 2}
        three: {<<: *two, a: 3}
        """,
        """
        {"one": {"a": 1, "n": null}, "two": {"a": 1, "n": null, "b": 2},
         "three": {"n": null, "b": 2, "a": 3}}
        """);
  }

  @Test
  void mergingReplacesWholeValues() {
    assertMeans(
        "one: &one {a: {x: 1, y: 1}}\ntwo: {<<: *one, a: {x: 2}}",
        "{\"one\": {\"a\": {\"x\": 1, \"y\": 1}}, \"two\": {\"a\": {\"x\": 2}}}");
  }

  @Test
  void quotedMergeKeyIsAKey() {
    assertMeans("{'<<': {a: 1}}", "{\"<<\": {\"a\": 1}}");
  }

  @Test
  void keyMayBeAnAlias() {
    assertMeans("{name: &n rows, *n : 1}", "{\"name\": \"rows\", \"rows\": 1}");
  }

  @Test
  void scalarsAreThoseOfTheCoreSchema() {
    assertMeans(
        "[1, -2, +3, 0x1F, 0o17, 1.50, .5, 1e3, true, False, null, ~, '', \"7\", yes, 1_000, .inf,"
            + " 16 MiB, !!str 5, 12:30]",
        "[1, -2, 3, 31, 15, 1.50, 0.5, 1e3, true, false, null, null, \"\", \"7\", \"yes\","
            + " \"1_000\", \".inf\", \"16 MiB\", \"5\", \"12:30\"]");
  }

  @Test
  void everyKeyAndValueKnowsItsPlace() {
    String text =
        """
        # é and 𝄞 before everything
        name: "two 𝄞 words"
        list:
          - {a: &x 16 MiB, b: *x}
          - |
            block
            text

        last: 1
        """;
    SourceFile file = new SourceFile("places.yaml", text);
    Mapping root = (Mapping) read(file, new Diagnostics()).orElseThrow();

    assertThat(written(file, root.entry("name").orElseThrow().keySpan())).isEqualTo("name");
    assertThat(written(file, root.entry("name").orElseThrow().value().span()))
        .isEqualTo("\"two 𝄞 words\"");
    Sequence list = (Sequence) root.entry("list").orElseThrow().value();
    assertThat(written(file, list.span()))
        .isEqualTo("- {a: &x 16 MiB, b: *x}\n  - |\n    block\n    text");
    assertThat(written(file, list.items().getFirst().span())).isEqualTo("{a: &x 16 MiB, b: *x}");
    Entry aliased = ((Mapping) list.items().getFirst()).entry("b").orElseThrow();
    assertThat(written(file, aliased.keySpan())).isEqualTo("b");
    assertThat(written(file, aliased.value().span())).isEqualTo("&x 16 MiB");
    assertThat(written(file, root.entry("last").orElseThrow().keySpan())).isEqualTo("last");
    assertThat(written(file, root.span())).startsWith("name:").endsWith("last: 1");
  }

  @Test
  void mergedEntryKeepsThePlaceAtWhichItWasWritten() {
    SourceFile file = new SourceFile("m.yaml", "base: &b {a: 1}\nuse: {<<: *b}\n");
    Mapping root = (Mapping) read(file, new Diagnostics()).orElseThrow();
    Mapping use = (Mapping) root.entry("use").orElseThrow().value();

    assertThat(file.line(use.entry("a").orElseThrow().keySpan().start())).isEqualTo(1);
  }

  @Test
  void explodingAliasesAreRefusedAtTheFirstThatIsTooMuch() {
    StringBuilder text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 30; i++) {
      String nine = ("*a" + (i - 1) + ", ").repeat(8) + "*a" + (i - 1);
      text.append("a%d: &a%1$d [%s]\n".formatted(i, nine));
    }

    assertThat(refusals(text.toString()))
        .containsExactly(
            "t.yaml:6:10: aliases stand for too many values (got more than 100000, expected at most"
                + " 100000)");
  }

  @Test
  void explodingMergesAreRefused() {
    StringBuilder text = new StringBuilder("a0: &a0 {k: [1, 2, 3, 4, 5, 6, 7, 8]}\n");
    for (int i = 1; i < 40; i++) {
      text.append("a%d: &a%1$d {<<: *a%2$d, x%1$d: *a%2$d, y%1$d: *a%2$d}\n".formatted(i, i - 1));
    }

    assertThat(refusals(text.toString())).hasSize(1);
  }

  @Test
  void fileThatHoldsItselfIsRefused() {
    assertThat(refusals("a: &a\n  b: [*a]\n"))
        .containsExactly(
            "t.yaml:2:7: alias *a stands inside the value that it names (got *a, expected an alias"
                + " of a finished value)");
  }

  @Test
  void unknownAliasIsRefusedWithTheNearest() {
    assertThat(refusals("a: &operations {}\nb: *operation\n"))
        .containsExactly(
            "t.yaml:2:4: no value above is called &operation (got *operation, expected one of"
                + " *operations) fix: write *operations");
    assertThat(refusals("b: *x\n"))
        .containsExactly("t.yaml:1:4: no value above is called &x (got *x, expected no alias)");
  }

  @ParameterizedTest
  @ValueSource(ints = {65, 5_000, 200_000})
  void deepNestingIsRefused(int depth) {
    assertThat(refusals("[".repeat(depth) + "]".repeat(depth)))
        .containsExactly(
            "t.yaml:1:65: nested too deeply (got more than 64 levels, expected at most 64)");
  }

  @Test
  void allowedNestingIsRead() {
    assertThat(refusals("[".repeat(64) + "]".repeat(64))).isEmpty();
  }

  @Test
  void duplicateKeysAreReportedAndTheFirstIsKept() {
    Diagnostics diagnostics = new Diagnostics();
    SourceFile file = new SourceFile("t.yaml", "a: 1\nb: 2\n\"a\": 3\n");

    assertThat(read(file, diagnostics).map(ConfigJson::of)).hasValue(json("{\"a\": 1, \"b\": 2}"));
    assertThat(lines(diagnostics))
        .containsExactly(
            "t.yaml:3:1: key a stands twice in one mapping (got it again, expected it only at line"
                + " 1)");
  }

  @Test
  void twoMergeKeysAreRefusedWithTheListForm() {
    assertThat(refusals("x: &x {a: 1}\ny: {<<: *x, <<: *x}\n"))
        .containsExactly(
            "t.yaml:2:13: key << stands twice in one mapping (got it again, expected it only at"
                + " line 2) fix: write <<: [*first, *second]");
  }

  @Test
  void onlyMappingsCanBeMerged() {
    assertThat(refusals("{<<: 5}"))
        .containsExactly(
            "t.yaml:1:6: << cannot merge this (got a number, expected a mapping or a list of"
                + " mappings)");
    assertThat(refusals("{<<: [{a: 1}, [b]]}"))
        .containsExactly(
            "t.yaml:1:15: << cannot merge this (got a list, expected a mapping or a list of"
                + " mappings)");
  }

  @Test
  void keysAreNames() {
    assertThat(refusals("? [a, b]\n: 1\n"))
        .containsExactly("t.yaml:1:3: not a key (got a list, expected a name)");
  }

  @Test
  void hugeNumbersAreRefused() {
    assertThat(refusals("a: 1e999999999"))
        .containsExactly(
            "t.yaml:1:4: number out of range (got 1e999999999, expected at most 1e999)");
  }

  @Test
  void unknownTagsAreRefused() {
    assertThat(refusals("a: !python/object {}\nb: !!binary aGk=\nc: !!int x\n"))
        .containsExactly(
            "t.yaml:1:4: unknown tag !python/object (got !python/object, expected no tag)",
            "t.yaml:2:4: unknown tag !!binary (got !!binary, expected no tag)",
            "t.yaml:3:4: tag !!int does not fit its value (got x, expected no tag)");
  }

  @Test
  void syntaxErrorsHaveAPlace() {
    assertThat(refusals("a: [1, 2\nb: 3\n"))
        .containsExactly(
            "t.yaml:2:2: not YAML: while parsing a flow sequence: expected ',' or ']', but got"
                + " :");
    assertThat(refusals("a:\n\t- b\n"))
        .containsExactly(
            "t.yaml:2:1: not YAML: while scanning for the next token: found character '\\t(TAB)'"
                + " that cannot start any token. (Do not use \\t(TAB) for indentation)");
    assertThat(refusals("a: \u0007"))
        .containsExactly(
            "t.yaml:1:4: character U+0007 is not allowed in YAML (got U+0007, expected printable"
                + " text)");
    assertThat(refusals("a: \"open\n"))
        .containsExactly(
            "t.yaml:1:4: not YAML: while scanning a quoted scalar: found unexpected end of stream");
  }

  @Test
  void oneDocumentIsExpected() {
    assertThat(refusals("a: 1\n---\nb: 2\n"))
        .containsExactly(
            "t.yaml:2:1: a second document starts here (got two or more, expected one document)");
    assertThat(refusals("# nothing\n"))
        .containsExactly("t.yaml:1:1: the file holds nothing (got an empty file, expected YAML)");
  }

  private static void assertMeans(String yaml, String json) {
    Diagnostics diagnostics = new Diagnostics();
    Optional<ConfigNode> root = read(new SourceFile("t.yaml", yaml), diagnostics);

    assertThat(lines(diagnostics)).isEmpty();
    assertThat(root.map(ConfigJson::of).map(JsonNode::toString)).hasValue(json(json).toString());
  }

  private static JsonNode json(String text) {
    return JsonMapper.builder()
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
        .build()
        .readTree(text);
  }

  private static Optional<ConfigNode> read(SourceFile file, Diagnostics diagnostics) {
    return YamlReader.read(file, diagnostics);
  }

  private static String written(SourceFile file, Span span) {
    return file.text().substring(span.start(), span.end());
  }

  private static List<String> refusals(String text) {
    Diagnostics diagnostics = new Diagnostics();
    YamlReader.read(new SourceFile("t.yaml", text), diagnostics);
    return lines(diagnostics);
  }

  private static List<String> lines(Diagnostics diagnostics) {
    return diagnostics.sorted().stream().map(YamlReaderTest::line).collect(Collectors.toList());
  }

  private static String line(Diagnostic found) {
    return found.position()
        + ": "
        + found.message()
        + found.fix().map(f -> " fix: " + f).orElse("");
  }
}
