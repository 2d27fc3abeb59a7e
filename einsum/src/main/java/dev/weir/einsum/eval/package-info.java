/** Evaluates cascades without any schedule: the referee for every value that Weir produces. */
package dev.weir.einsum.eval;
