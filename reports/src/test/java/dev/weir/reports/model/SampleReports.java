package dev.weir.reports.model;

import java.util.List;

/** Reports with at least one part of every kind, and with text that tries to break out of them. */
public final class SampleReports {

  private static final String HASH =
      "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

  private SampleReports() {}

  public static Report everyKind() {
    InputFile file = new InputFile("configs/architectures/a.yaml", HASH);
    Source model = new Source("cost model", "s with P1=128 on a", List.of(file));
    Source simulator = new Source("simulator", "s with P1=128 on a, no skipping", List.of(file));
    return new Report(
        "Sample",
        "Every kind of part once.",
        new Provenance(
            "./weir run a.yaml",
            List.of(new Provenance.Fact("seed", "42"), new Provenance.Fact("Java", "25")),
            List.of(file)),
        List.of(
            new Section(
                "spatial",
                "Spatial array",
                "A made-up machine.",
                Outcome.PASSED,
                List.of(
                    new Card(
                        "latency",
                        Cell.of(Figure.of(48_235_520L, Unit.CYCLES, model)),
                        List.of(Cell.of(Figure.of(0.0513, Unit.SECONDS, model)), Cell.of("on a")))),
                parts(model, simulator)),
            new Section(
                "device",
                "Device",
                "None here.",
                Outcome.NOT_RUN,
                List.of(new Card("check", new Cell.Verdict(Outcome.NOT_RUN, "no device"), "")),
                List.of(new Part.Notice("Kernel", Outcome.NOT_RUN, "no OpenCL device found")))));
  }

  /** The same text everywhere a text may stand. */
  public static Report filledWith(String text) {
    Source source = new Source(text, text, List.of(new InputFile(text, HASH)));
    Figure figure = Figure.of(3, Unit.CYCLES, source);
    List<Part> parts =
        List.of(
            new Part.Table(text, text, List.of(text), List.of(List.of(Cell.of(text)))),
            new Part.LoopNest(
                text,
                text,
                List.of(new Part.LoopNest.Line(1, Part.LoopNest.Kind.KEEP, List.of(text), text))),
            new Part.Timeline(
                text,
                text,
                figure,
                Figure.of(9, Unit.CYCLES, source),
                List.of(
                    new Part.Timeline.Lane(
                        text,
                        List.of(
                            new Part.Timeline.Slice(
                                3, 9, Part.Timeline.SliceKind.STALL, text, text))))),
            epochs(text, source),
            new Part.OverTime(
                text,
                text,
                figure,
                List.of(0L, 3L),
                List.of(
                    new Part.OverTime.Strip(
                        text, List.of(new Part.OverTime.Band(text, List.of(0.5)))))),
            new Part.CascadeGraph(
                text,
                text,
                text,
                List.of(
                    new Part.CascadeGraph.Node(
                        text, text, Part.CascadeGraph.NodeKind.EINSUM, 1, false)),
                List.of(new Part.CascadeGraph.Link(0, 0, Part.CascadeGraph.Value.PREVIOUS)),
                List.of(new Part.CascadeGraph.Group(text, 0, 0))),
            new Part.Bars(
                text,
                text,
                List.of(new Part.Bars.Bar(text, List.of(new Part.Bars.Segment(text, figure))))),
            new Part.Kernel(text, text, text, text),
            new Part.Notice(text, Outcome.FAILED, text),
            new Part.Listing(text, text, text));
    return new Report(
        text,
        text,
        new Provenance(text, List.of(new Provenance.Fact(text, text)), List.of()),
        List.of(
            new Section(
                "target",
                text,
                text,
                Outcome.FAILED,
                List.of(new Card(text, new Cell.Verdict(Outcome.FAILED, text), text)),
                parts)));
  }

  private static Part.CascadeGraph graph() {
    return new Part.CascadeGraph(
        "Dependences",
        "Three of them.",
        "K",
        List.of(
            new Part.CascadeGraph.Node("A", "A[K]", Part.CascadeGraph.NodeKind.INPUT, 0, false),
            new Part.CascadeGraph.Node(
                "Y", "Y = A[k]", Part.CascadeGraph.NodeKind.EINSUM, 1, false),
            new Part.CascadeGraph.Node(
                "Z", "Z[k] = A[k] / Y", Part.CascadeGraph.NodeKind.OUTPUT, 2, false)),
        List.of(
            new Part.CascadeGraph.Link(0, 1, Part.CascadeGraph.Value.STEP),
            new Part.CascadeGraph.Link(0, 2, Part.CascadeGraph.Value.STEP),
            new Part.CascadeGraph.Link(1, 2, Part.CascadeGraph.Value.COMPLETE)),
        List.of());
  }

  private static Part.OverTime overTime(Source simulator) {
    return new Part.OverTime(
        "Utilisation over time",
        "Two halves.",
        Figure.of(200, Unit.CYCLES, simulator),
        List.of(0L, 100L, 200L),
        List.of(
            new Part.OverTime.Strip(
                "Array2D",
                List.of(
                    new Part.OverTime.Band("busy", List.of(0.5, 1.0)),
                    new Part.OverTime.Band("waits", List.of(0.5, 0.0))))));
  }

  private static Part.Epochs epochs(String text, Source source) {
    Part.Epochs.Work work = new Part.Epochs.Work(text, 3, 1, 410, 440, 30, text);
    return new Part.Epochs(
        text,
        text,
        List.of(
            new Part.Epochs.Epoch(
                4, Figure.of(400, Unit.CYCLES, source), Figure.of(50, Unit.CYCLES, source)),
            new Part.Epochs.Gap(text)),
        List.of(
            new Part.Epochs.Row(
                text,
                List.of(
                    new Part.Epochs.Turn(List.of(work), List.of(text)), Part.Epochs.Turn.EMPTY))));
  }

  private static List<Part> parts(Source model, Source simulator) {
    return List.of(
        new Part.Table(
            "Schedules",
            "Two ways.",
            List.of("schedule", "latency", "off-chip", "legal"),
            List.of(
                row("unfused", 99_000_123L, 8_111_222_333L, model),
                row("fused", 48_235_520L, 402_653_184L, model))),
        new Part.LoopNest(
            "Loop nest",
            "",
            List.of(
                new Part.LoopNest.Line(
                    0, Part.LoopNest.Kind.LOOP, List.of("for p by 256"), "16 tiles"),
                new Part.LoopNest.Line(1, Part.LoopNest.Kind.KEEP, List.of("keep Q at Buffer"), ""),
                new Part.LoopNest.Line(
                    2, Part.LoopNest.Kind.COMPUTE, List.of("for p by 1", "compute QK on A"), ""))),
        new Part.Timeline(
            "Pipeline",
            "Two units.",
            Figure.of(1000, Unit.CYCLES, simulator),
            Figure.of(1500, Unit.CYCLES, simulator),
            List.of(
                new Part.Timeline.Lane(
                    "Array2D",
                    List.of(
                        new Part.Timeline.Slice(
                            1000, 1138, Part.Timeline.SliceKind.WORK, "BQK", "0"),
                        new Part.Timeline.Slice(
                            1100, 1276, Part.Timeline.SliceKind.WORK, "SLNV", "1"))),
                new Part.Timeline.Lane(
                    "Array1D",
                    List.of(
                        new Part.Timeline.Slice(
                            1200, 1450, Part.Timeline.SliceKind.WORK, "RM", "0"))))),
        epochs("BQK", simulator),
        overTime(simulator),
        graph(),
        new Part.Bars(
            "Utilisation",
            "",
            List.of(
                new Part.Bars.Bar(
                    "Array2D",
                    List.of(
                        new Part.Bars.Segment("busy", Figure.of(0.95, Unit.RATIO, simulator)),
                        new Part.Bars.Segment("waits", Figure.of(0.05, Unit.RATIO, simulator)))))),
        new Part.Kernel("Kernel", "Generated.", "k.cl", "__kernel void k() { a < b && c; }"),
        new Part.Notice("Check", Outcome.PASSED, "all within the bound"),
        new Part.Listing("Passes", "", "pass 1\n  reads QK"));
  }

  private static List<Cell> row(String name, long cycles, long words, Source source) {
    return List.of(
        Cell.of(name),
        Cell.of(Figure.of(cycles, Unit.CYCLES, source)),
        Cell.of(Figure.of(words, Unit.WORDS, source)),
        new Cell.Verdict(Outcome.PASSED, ""));
  }
}
