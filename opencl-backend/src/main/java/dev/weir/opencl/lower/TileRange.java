package dev.weir.opencl.lower;

/**
 * Coordinates of one rank of a tensor that a tile holds.
 *
 * @param range which
 * @param holdsAllReached whether every coordinate that an index reaches from the ranges here is
 *     among them, also one outside the tensor
 */
record TileRange(Range range, boolean holdsAllReached) {}
