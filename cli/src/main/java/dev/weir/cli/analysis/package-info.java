/**
 * What {@code weir analyze} says of a cascade: gathered once, then shown as text, JSON or a page.
 */
package dev.weir.cli.analysis;
