/**
 * The cascades of {@code configs/cascades/zoo} against plain loops that were written from the
 * equations of the papers, by another hand than the cascades.
 */
package dev.weir.einsum.zoo;
