/**
 * Evaluates cascades without rounding, in a prime field, so that equal really means equal: the
 * referee between two cascades that should compute the same.
 */
package dev.weir.einsum.exact;
