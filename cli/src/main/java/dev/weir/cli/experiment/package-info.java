/** Experiments: what a file asks for, the readers one after another, and the report of it. */
package dev.weir.cli.experiment;
