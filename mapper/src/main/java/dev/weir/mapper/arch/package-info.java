/** Architectures: one tree of memory levels, compute units and the axes along which they repeat. */
package dev.weir.mapper.arch;
