package dev.weir.mapper.model;

import dev.weir.einsum.ir.Condition;
import java.util.Optional;

/**
 * A summand of the counts.
 *
 * @param output position of what is counted among the plan's outputs
 * @param factor what an iteration counts, negative where a class of iterations is taken out again
 * @param path over which iterations
 * @param condition which of them have a point to do; empty when all have
 */
record Term(int output, long factor, Path path, Optional<Condition> condition) {}
