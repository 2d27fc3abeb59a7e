/**
 * The Einsum language and everything provable about it: no architecture, no input or output beyond
 * text.
 */
package dev.weir.einsum;
