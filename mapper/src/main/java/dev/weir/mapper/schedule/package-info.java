/**
 * The schedule: the one immutable value that interpreter, cost model, simulator and kernel
 * generator read. What it means is defined in {@code docs/schedule.md}.
 */
package dev.weir.mapper.schedule;
