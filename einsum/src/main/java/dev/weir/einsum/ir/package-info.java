/**
 * The checked form of a cascade of extended Einsums: immutable, without positions in the text.
 *
 * <p>Rank variables are written as their rank in lower case, so a {@link
 * dev.weir.einsum.ir.RankName} stands for both. Semantics: Odemuyiwa et al., EDGE (arXiv
 * 2404.11591), as FuseMax uses it (arXiv 2406.10491, section II).
 */
package dev.weir.einsum.ir;
