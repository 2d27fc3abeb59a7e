package dev.weir.mapper.search;

import dev.weir.mapper.model.Cost;
import dev.weir.mapper.schedule.Problem;

/**
 * A point of a space that was evaluated.
 *
 * @param number its place in the order in which the space is enumerated, from 0
 * @param problem cascade, schedule with its parameters bound, architecture and shapes
 * @param cost what it costs
 */
public record Candidate(long number, Problem problem, Cost cost) {}
