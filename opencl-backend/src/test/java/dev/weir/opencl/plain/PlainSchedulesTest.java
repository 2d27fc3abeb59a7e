package dev.weir.opencl.plain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.ArchitectureReader;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.opencl.lower.KernelLowering;
import dev.weir.opencl.lower.Lowering;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every shipped cascade has a plain schedule that is legal and becomes kernels. */
class PlainSchedulesTest {

  private static final Path CONFIGS = Path.of("..", "configs");

  /** Iterations in iterations need a schedule by hand. */
  private static final String NESTED = "titans_chunks";

  private static List<Cascade> shipped() throws IOException {
    try (Stream<Path> files = Files.walk(CONFIGS.resolve("cascades"))) {
      return files
          .filter(file -> file.toString().endsWith(".edge"))
          .sorted()
          .map(CascadeReader::readFile)
          .filter(cascade -> !cascade.name().equals(NESTED))
          .toList();
    }
  }

  private static Architecture device(Binding binding) {
    String name =
        switch (binding) {
          case LANES -> "pocl-cpu";
          case ITEMS -> "generic-gpu";
        };
    return ArchitectureReader.readFile(CONFIGS.resolve("devices/" + name + ".yaml"));
  }

  private static Problem problem(Cascade cascade, Binding binding) {
    Map<RankName, Long> given = new HashMap<>();
    cascade.workloadRanks().forEach(rank -> given.put(rank, rank.text().length() > 1 ? 2L : 5L));
    cascade.partitions().forEach(split -> given.put(split.inner(), 2L));
    given.putAll(cascade.defaultShapes());
    Schedule schedule = PlainSchedules.of(cascade, cascade.shapes(given), binding);
    return Problem.of(cascade, schedule, device(binding), given);
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void becomesKernels(Cascade cascade) {
    for (Binding binding : Binding.values()) {
      Problem problem = problem(cascade, binding);

      assertThat(KernelLowering.lower(problem))
          .as("%s on %s: %s", cascade.name(), binding, Legality.judge(problem))
          .isInstanceOf(Lowering.Lowered.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void placesEveryEinsumOnce(Binding binding) throws IOException {
    for (Cascade cascade : shipped()) {
      Problem problem = problem(cascade, binding);
      List<String> expected =
          cascade.einsums().stream()
              .filter(einsum -> !einsum.isInitial())
              .map(Einsum::output)
              .map(output -> output.tensor().text())
              .sorted()
              .toList();

      assertThat(computes(problem.schedule().root()).sorted().toList()).isEqualTo(expected);
    }
  }

  private static Stream<String> computes(Node node) {
    return node instanceof Node.Compute compute
        ? Stream.of(compute.einsum().text())
        : node.children().stream().flatMap(PlainSchedulesTest::computes);
  }

  @ParameterizedTest
  @EnumSource
  void deviceSaysWhatItHasMoreOf(Binding binding) {
    assertThat(Binding.of(device(binding))).isEqualTo(binding);
  }
}
