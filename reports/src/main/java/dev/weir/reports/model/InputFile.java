package dev.weir.reports.model;

/**
 * A file that results depend on.
 *
 * @param name as the user wrote it
 * @param sha256 hash of its bytes, in hexadecimal
 */
public record InputFile(String name, String sha256) implements Comparable<InputFile> {

  @Override
  public int compareTo(InputFile other) {
    int byName = name.compareTo(other.name);
    return byName != 0 ? byName : sha256.compareTo(other.sha256);
  }

  /** The first digits of the hash, enough to tell versions of one file apart. */
  public String shortHash() {
    return sha256.substring(0, Math.min(12, sha256.length()));
  }
}
