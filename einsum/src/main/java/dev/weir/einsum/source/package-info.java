/** Source texts, positions in them, and the diagnostics that every reader of a text reports. */
package dev.weir.einsum.source;
