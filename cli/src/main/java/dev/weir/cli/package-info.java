/** The {@code weir} command: one class a verb. */
package dev.weir.cli;
