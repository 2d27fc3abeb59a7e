package dev.weir.mapper.model;

/**
 * A summand of the counts.
 *
 * @param output position of what is counted among the plan's outputs
 * @param factor what an iteration counts, negative where a class of iterations is taken out again
 * @param path over which iterations
 */
record Term(int output, long factor, Path path) {}
