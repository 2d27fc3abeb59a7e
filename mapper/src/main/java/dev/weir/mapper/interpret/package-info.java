/**
 * The referee: runs a cascade through the loops of a schedule with real values and counts every
 * access, literally as {@code docs/schedule.md}, section 2, says. Slow and simple on purpose.
 */
package dev.weir.mapper.interpret;
