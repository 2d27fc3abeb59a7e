/**
 * Technology tables: what an operation and an access to a memory cost in a process, in energy and
 * area, and the laws by which memories of other sizes follow from the published ones.
 */
package dev.weir.mapper.technology;
