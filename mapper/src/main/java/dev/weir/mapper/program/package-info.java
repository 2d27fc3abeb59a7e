/** Straight-line programs over whole numbers: built as expressions, run or compiled to bytecode. */
package dev.weir.mapper.program;
