package dev.weir.mapper.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where a site stands in the pipeline around it. */
public final class Stages {

  private Stages() {}

  /** The stage around a site, or the site itself, in its innermost pipeline. */
  public static Optional<Site> around(Site site) {
    return Stream.concat(Stream.of(site), site.ancestors())
        .takeWhile(s -> !(s.node() instanceof Node.Pipeline))
        .filter(s -> s.node() instanceof Node.Stage)
        .findFirst();
  }

  /** Epochs by which the site lags behind; 0 outside every stage. */
  public static int offsetOf(Site site) {
    return around(site).map(stage -> ((Node.Stage) stage.node()).offset()).orElse(0);
  }

  /** The largest stage of the pipeline at a site. */
  public static int depth(Site pipeline) {
    return stagesOf(pipeline).stream()
        .mapToInt(site -> ((Node.Stage) site.node()).offset())
        .max()
        .orElse(0);
  }

  /** The stages of the pipeline at a site, without those of pipelines inside them. */
  public static List<Site> stagesOf(Site pipeline) {
    List<Site> found = new ArrayList<>();
    collect(pipeline.body(), found);
    return found;
  }

  private static void collect(Site site, List<Site> found) {
    if (site.node() instanceof Node.Stage) {
      found.add(site);
    } else {
      site.children().forEach(child -> collect(child, found));
    }
  }

  /** The keeps between a pipeline and its stages, the outermost first. */
  public static List<Site> head(Site pipeline) {
    List<Site> keeps = new ArrayList<>();
    Site site = pipeline.body();
    while (site.node() instanceof Node.Keep) {
      keeps.add(site);
      site = site.body();
    }
    return keeps;
  }

  /**
   * The pipeline into which a loop marked {@code flow} runs: only keeps and other such loops stand
   * between.
   */
  public static Optional<Site> flowsInto(Site loop) {
    Site site = loop.body();
    while (site.node() instanceof Node.Keep || isFlow(site)) {
      site = site.body();
    }
    return site.node() instanceof Node.Pipeline ? Optional.of(site) : Optional.empty();
  }

  private static boolean isFlow(Site site) {
    return switch (site.node()) {
      case Node.For loop -> loop.flow();
      case Node.Iterate loop -> loop.flow();
      case Node.Spatial _,
          Node.Last _,
          Node.Keep _,
          Node.Seq _,
          Node.Par _,
          Node.Pipeline _,
          Node.Stage _,
          Node.Interleave _,
          Node.Compute _ ->
          false;
    };
  }

  /** The loops marked {@code flow} directly around a pipeline, the outermost first. */
  public static List<Site> flowAround(Site pipeline) {
    return pipeline
        .ancestors()
        .takeWhile(site -> site.node() instanceof Node.Keep || isFlow(site))
        .filter(Stages::isFlow)
        .toList()
        .reversed();
  }
}
