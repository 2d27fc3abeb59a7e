package dev.weir.mapper.model;

/**
 * Entries of a keep below loops that skip.
 *
 * @param visits which iterations around it are visited
 * @param depth how many loops are around the keep
 */
record Entries(Visits visits, int depth) {}
