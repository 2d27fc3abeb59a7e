/**
 * From the syntax tree to the checked cascade and back: what names mean, which rank an index runs
 * over, what may be read when. Everything that is wrong becomes a diagnostic.
 */
package dev.weir.einsum.check;
