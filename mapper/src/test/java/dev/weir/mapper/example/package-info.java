/** Machines, cascades and values that tests of all readers of a schedule share. */
package dev.weir.mapper.example;
