/** Random cascades and schedules, by seed, for the tests in which readers must agree. */
package dev.weir.mapper.random;
