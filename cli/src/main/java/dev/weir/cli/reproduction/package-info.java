/** Published figures beside those that the cost model finds for the same designs. */
package dev.weir.cli.reproduction;
