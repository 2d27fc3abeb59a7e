package dev.weir.cli.experiment;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
import dev.weir.mapper.search.Objective;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What an experiment file asks for. Its form: {@code configs/schemas/experiment.schema.json}.
 *
 * @param file the file, as the user named it
 * @param name short name; results go to a folder of that name
 * @param description what is asked, for people
 * @param seed of all random data
 * @param family cascades of one function whose passes are compared
 * @param targets what is scheduled where
 */
public record Experiment(
    Path file,
    String name,
    String description,
    long seed,
    List<Reference> family,
    List<Target> targets) {

  public Experiment {
    family = List.copyOf(family);
    targets = List.copyOf(targets);
  }

  /**
   * A file that the experiment names, and where it names it.
   *
   * @param path resolved against the experiment's folder
   * @param in the experiment's text
   * @param span where it stands
   */
  public record Reference(Path path, SourceFile in, Span span) {}

  /**
   * One machine with what is tried on it.
   *
   * @param id name for links
   * @param title name for people
   * @param machine architecture or device file
   * @param shapes shape of every rank that is no part of another
   * @param schedules what is judged and costed, in this order
   * @param search the schedule whose parameters are searched
   * @param simulate whether the best one found is simulated
   * @param interpret smaller shapes at which it is interpreted and compared with the reference
   * @param kernel the kernel to be made of it, when one is
   * @param places where its parts stand
   */
  public record Target(
      String id,
      String title,
      Reference machine,
      Map<RankName, Long> shapes,
      List<Entry> schedules,
      Optional<Search> search,
      boolean simulate,
      Optional<Map<RankName, Long>> interpret,
      Optional<Kernel> kernel,
      Places places) {
    public Target {
      shapes = Map.copyOf(shapes);
      schedules = List.copyOf(schedules);
    }

    /** The schedule that is simulated, interpreted and made a kernel: the searched or last one. */
    public Entry chosen() {
      return search.map(Search::entry).orElseGet(schedules::getLast);
    }
  }

  /**
   * Where parts of a target stand in the experiment's text, for messages.
   *
   * @param target its name
   * @param shapes the shape of each rank, be it the target's own or for all targets
   * @param parameters each parameter of the search
   * @param interpret the smaller shapes
   */
  public record Places(
      Span target,
      Map<RankName, Span> shapes,
      Map<String, Span> parameters,
      Optional<Span> interpret) {
    public Places {
      shapes = Map.copyOf(shapes);
      parameters = Map.copyOf(parameters);
    }
  }

  /**
   * A cascade with a schedule of it.
   *
   * @param name by which other parts of the file refer to it
   */
  public record Entry(String name, Reference cascade, Reference schedule) {}

  /**
   * A search over parameters.
   *
   * @param entry which schedule
   * @param parameters values of each that are tried
   */
  public record Search(
      Entry entry, Objective objective, SortedMap<String, List<Long>> parameters) {}

  /**
   * A kernel and its check.
   *
   * @param siblings cascades with the same Einsums, checked under the same schedule
   * @param repetitions timed runs; 0 for none
   */
  public record Kernel(List<Reference> siblings, int repetitions) {
    public Kernel {
      siblings = List.copyOf(siblings);
    }
  }
}
