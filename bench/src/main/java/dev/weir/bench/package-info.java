/**
 * JMH benchmarks of the parts that must be fast. From the root of the repository:
 *
 * <pre>{@code
 * mvn -q test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath -pl bench -am
 * java -cp bench/target/classes:$(cat bench/target/classpath) org.openjdk.jmh.Main Evaluator
 * }</pre>
 */
package dev.weir.bench;
