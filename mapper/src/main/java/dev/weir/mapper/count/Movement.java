package dev.weir.mapper.count;

/** How a word crosses the border of a memory level. */
public enum Movement {
  READ,
  WRITE,
  /** Read of an unfinished sum that comes back or leaves. */
  PARTIAL_READ,
  /** Write of an unfinished sum that comes back or leaves. */
  PARTIAL_WRITE;

  public boolean isRead() {
    return this == READ || this == PARTIAL_READ;
  }
}
