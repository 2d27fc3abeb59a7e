/** A report as text for a terminal: short, aligned, a unit on every number. */
package dev.weir.reports.text;
