package dev.weir.cli.experiment;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.ArchitectureReader;
import dev.weir.mapper.schedule.ParsedSchedule;
import dev.weir.mapper.schedule.ScheduleReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Reads each file once, and remembers which were read. */
public final class Library {

  private final InputFiles inputs = new InputFiles();
  private final Map<Path, Cascade> cascades = new HashMap<>();
  private final Map<Path, ParsedSchedule> schedules = new HashMap<>();
  private final Map<Path, Architecture> architectures = new HashMap<>();

  /** What was read, with hashes. */
  public InputFiles inputs() {
    return inputs;
  }

  public Cascade cascade(Path path) {
    Cascade cascade = cascades.computeIfAbsent(path, this::readCascade);
    inputs.of(path);
    return cascade;
  }

  public ParsedSchedule schedule(Path path) {
    ParsedSchedule schedule = schedules.computeIfAbsent(path, Library::readSchedule);
    inputs.of(path);
    return schedule;
  }

  public Architecture architecture(Path path) {
    Architecture architecture = architectures.computeIfAbsent(path, this::readArchitecture);
    inputs.of(path);
    return architecture;
  }

  private Cascade readCascade(Path path) {
    InputKind.CASCADE.require(path);
    Cascade cascade = CascadeReader.readFile(path);
    inputs.uses(path, CascadeReader.usedBy(path));
    return cascade;
  }

  private static ParsedSchedule readSchedule(Path path) {
    InputKind.SCHEDULE.require(path);
    return ScheduleReader.readFile(path);
  }

  private Architecture readArchitecture(Path path) {
    InputKind.MACHINE.require(path);
    Architecture architecture = ArchitectureReader.readFile(path);
    inputs.uses(path, ArchitectureReader.usedBy(path));
    return architecture;
  }
}
