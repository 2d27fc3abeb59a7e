/** Architectures, schedules, the space of schedules, their cost and the search for the cheapest. */
package dev.weir.mapper;
