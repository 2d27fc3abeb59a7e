package dev.weir.simulator.stats;

import java.util.OptionalDouble;

/**
 * What passed the ports of a memory level.
 *
 * @param readWords words read, all instances together
 * @param writtenWords words written, all instances together
 * @param busyCycles in which a word moved in or out; 0 for a level without limited bandwidth
 * @param bandwidthShare words through the ports of the busiest instance ÷ what they can move in all
 *     cycles, the fuller direction counting; empty for a level without limited bandwidth
 */
public record LevelStatistics(
    long readWords, long writtenWords, long busyCycles, OptionalDouble bandwidthShare) {}
