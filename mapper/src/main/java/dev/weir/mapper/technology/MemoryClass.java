package dev.weir.mapper.technology;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a memory is made of. */
public enum MemoryClass {
  /** Off the chip: every access costs the same, whatever there is of it. */
  DRAM,
  /** On the chip, in arrays with decoders and sense amplifiers. */
  SRAM,
  /** Flip-flops beside a processing element. */
  REGISTER_FILE;

  /** As files write it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The class that is written so. */
  public static Optional<MemoryClass> named(String text) {
    return Arrays.stream(values()).filter(kind -> kind.text().equals(text)).findFirst();
  }

  /** All, as files write them. */
  public static List<String> texts() {
    return Arrays.stream(values()).map(MemoryClass::text).toList();
  }
}
