package dev.weir.mapper.arch;

import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A valid file with every feature once, from which tests make wrong ones. */
final class SmallArchitecture {

  static final String TEXT =
      """
      architecture: small
      description: every feature once
      clock: 1 GHz
      word: 16 bit
      source: invented
      memories:
        - name: Dram
          bandwidth: 4 GB/s
          energy: 64 pJ/word
        - name: Buffer
          capacity: 2 KiB
          bandwidth: {read: 4 words/cycle, write: 2 words/cycle}
          energy: {read: 2 pJ/word, write: 3 pJ/word, source: invented}
          latency: {read: 2.5 ns, write: 2 cycles, source: invented}
        - name: Registers
          capacity: 8 words
          per: [Grid.rows, lanes.x]
          energy: 1 pJ/16 bit
      units:
        - name: Grid
          axes:
            rows: {width: 4, hop: 1 cycle, hidden: true, fill: whole}
            lanes.x: {width: 8, instances: 2, kind: lane}
          operations:
            mac: {interval: 1/2 cycle, energy: 17 pJ}
          reads: [Buffer, Registers]
          writes: [Buffer, Registers]
        - name: Vector
          axes:
            lanes: {width: 4}
          operations:
            exp: {interval: 3 cycles, energy: 90 pJ}
          reads: [Dram, Buffer]
          writes: [Dram, Buffer]
      links:
        - {from: Vector.lanes, to: Grid.rows}
      """;

  private SmallArchitecture() {}

  /** The file with one piece replaced; the piece must be there. */
  static String with(String piece, String replacement) {
    if (!TEXT.contains(piece)) {
      throw new IllegalArgumentException("not in the file: " + piece);
    }
    return TEXT.replaceFirst(Pattern.quote(piece), Matcher.quoteReplacement(replacement));
  }

  /** Findings as {@code line:column: message, fix: ...}. */
  static List<String> findings(String text) {
    Diagnostics diagnostics = new Diagnostics();
    ArchitectureReader.read(new SourceFile("a.yaml", text), diagnostics);
    return diagnostics.sorted().stream()
        .map(
            found ->
                found.position().substring("a.yaml:".length())
                    + ": "
                    + found.message()
                    + found.fix().map(fix -> " fix: " + fix).orElse(""))
        .toList();
  }
}
