/**
 * Finds the cheapest schedule of a space, and proves it by looking at, or excluding, all others.
 */
package dev.weir.mapper.search;
