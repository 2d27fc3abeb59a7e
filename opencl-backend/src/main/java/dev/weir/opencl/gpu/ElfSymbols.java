package dev.weir.opencl.gpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Symbols of an object file: ELF of 64 bits, little-endian, as the System V Application Binary
 * Interface lays it out.
 */
final class ElfSymbols {

  private static final int MAGIC = 0x464c457f;
  private static final int SYMBOL_TABLE = 2;
  private static final int SYMBOL_BYTES = 24;

  private final ByteBuffer file;

  private ElfSymbols(byte[] object) {
    file = ByteBuffer.wrap(object).order(ByteOrder.LITTLE_ENDIAN);
    if (object.length < 64 || file.getInt(0) != MAGIC || object[4] != 2 || object[5] != 1) {
      throw new IllegalArgumentException("not an ELF file of 64 bits, little-endian");
    }
  }

  /** Names that the object uses and does not define, sorted. */
  static List<String> undefined(byte[] object) {
    ElfSymbols symbols = new ElfSymbols(object);
    List<String> names = new ArrayList<>();
    int sections = symbols.file.getShort(0x3c) & 0xffff;
    for (int section = 0; section < sections; section++) {
      if (symbols.file.getInt(symbols.header(section) + 4) == SYMBOL_TABLE) {
        symbols.addUndefined(symbols.header(section), names);
      }
    }
    return names.stream().distinct().sorted().toList();
  }

  private int header(int section) {
    return Math.toIntExact(file.getLong(0x28)) + section * (file.getShort(0x3a) & 0xffff);
  }

  private void addUndefined(int table, List<String> names) {
    int start = offset(table);
    int strings = offset(header(file.getInt(table + 0x28)));
    int count = Math.toIntExact(file.getLong(table + 0x20)) / SYMBOL_BYTES;
    for (int symbol = 0; symbol < count; symbol++) {
      int at = start + symbol * SYMBOL_BYTES;
      int name = file.getInt(at);
      boolean isDefined = file.getShort(at + 6) != 0;
      if (name != 0 && !isDefined) {
        names.add(string(strings + name));
      }
    }
  }

  private int offset(int header) {
    return Math.toIntExact(file.getLong(header + 0x18));
  }

  private String string(int start) {
    int end = start;
    while (file.get(end) != 0) {
      end++;
    }
    return new String(file.array(), start, end - start, StandardCharsets.US_ASCII);
  }
}
