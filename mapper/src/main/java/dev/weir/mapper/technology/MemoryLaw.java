package dev.weir.mapper.technology;

import java.util.Optional;

/** How energy and area of a memory follow from its size. */
sealed interface MemoryLaw {

  /** Where the law and its numbers come from. */
  String source();

  /** Why a memory is outside of what the law covers; empty when it is inside. */
  Optional<String> refusal(long words, int wordBits);

  /**
   * The cost of an instance of a size that is not refused.
   *
   * @param words what it holds; of no meaning for one off the chip
   * @param wordBits bits of a word
   */
  MemoryCost of(long words, int wordBits);

  /**
   * A bit costs the same in every size.
   *
   * @param read picojoules per bit
   * @param write picojoules per bit
   */
  record OffChip(double read, double write, Optional<Double> squareMillimetres, String source)
      implements MemoryLaw {

    @Override
    public Optional<String> refusal(long words, int wordBits) {
      return Optional.empty();
    }

    @Override
    public MemoryCost of(long words, int wordBits) {
      return new MemoryCost(read * wordBits, write * wordBits, squareMillimetres);
    }
  }

  /**
   * Energy per bit moved and area are curves over the bits held. Rows are taken to be used whole,
   * so a word costs its share of an access.
   *
   * @param read picojoules per bit
   * @param write picojoules per bit
   * @param area square millimetres
   */
  record Sram(Curve read, Curve write, Optional<Curve> area, String source) implements MemoryLaw {

    @Override
    public Optional<String> refusal(long words, int wordBits) {
      return Optional.empty();
    }

    @Override
    public MemoryCost of(long words, int wordBits) {
      double bits = (double) words * wordBits;
      return new MemoryCost(
          read.at(bits) * wordBits, write.at(bits) * wordBits, area.map(curve -> curve.at(bits)));
    }
  }

  /**
   * A reference register file of D words of W bits, and address generators for reading and writing.
   * One of d words of w bits costs {@code w/W · (d/D)^exponent} of the reference an access and
   * {@code w/W · d/D} of its area, and what its {@code ⌈log2 d⌉} address bits cost.
   *
   * @param words D
   * @param wordBits W, and most bits of a word
   * @param mostWords most words that the law is used for
   * @param read picojoules of an access to the reference
   * @param write picojoules of an access to the reference
   * @param squareMillimetres area of the reference
   */
  record Registers(
      long words,
      int wordBits,
      long mostWords,
      double exponent,
      double read,
      double write,
      Optional<Double> squareMillimetres,
      Address address,
      String source)
      implements MemoryLaw {

    @Override
    public Optional<String> refusal(long asked, int askedBits) {
      if (asked > mostWords) {
        return Optional.of(
            "covers register files of up to %d words (got %d words, expected fewer, class sram or"
                    .formatted(mostWords, asked)
                + " figures of its own)");
      }
      return askedBits > wordBits
          ? Optional.of(
              "covers words of up to %d bit (got %d bit, expected figures of its own)"
                  .formatted(wordBits, askedBits))
          : Optional.empty();
    }

    @Override
    public MemoryCost of(long asked, int askedBits) {
      double depth = (double) asked / words;
      double width = (double) askedBits / wordBits;
      int addressBits = Math.max(1, Long.SIZE - Long.numberOfLeadingZeros(asked - 1));
      double share = width * Math.pow(depth, exponent);
      double generator = address.picojoules + address.picojoulesPerBit * addressBits;
      return new MemoryCost(
          share * read + generator,
          share * write + generator,
          squareMillimetres.map(
              whole -> width * depth * whole + address.squareMillimetresPerBit * addressBits));
    }
  }

  /** Address generators, by bits of an address; the area is that of all of them. */
  record Address(double picojoules, double picojoulesPerBit, double squareMillimetresPerBit) {}
}
