/** Parts of running experiments, one by one. */
package dev.weir.cli.experiment;
