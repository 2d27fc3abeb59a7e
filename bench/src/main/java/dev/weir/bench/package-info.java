/** JMH benchmarks of the parts that must be fast. */
package dev.weir.bench;
