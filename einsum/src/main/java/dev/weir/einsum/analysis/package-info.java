/**
 * What a cascade costs before anyone schedules it: operations, dependences, passes, live footprint
 * and compulsory traffic. Definitions: FuseMax (arXiv 2406.10491), sections III and IV.
 */
package dev.weir.einsum.analysis;
