/**
 * The text of a cascade and its syntax tree: lexer, parser, canonical printer. Names mean nothing
 * here yet; {@code dev.weir.einsum.check} gives them meaning.
 */
package dev.weir.einsum.syntax;
