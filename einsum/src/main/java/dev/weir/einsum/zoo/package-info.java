/** The catalogue of shipped attention operators. */
package dev.weir.einsum.zoo;
