package dev.weir.reports.text;

import dev.weir.reports.model.Part.Epochs;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A pipeline as lines: an epoch after the other, and in it a unit after the other. */
final class EpochsText {

  private EpochsText() {}

  static String of(Epochs epochs) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < epochs.columns().size(); i++) {
      switch (epochs.columns().get(i)) {
        case Epochs.Gap gap -> rows.add(List.of("… " + gap.text(), "", ""));
        case Epochs.Epoch epoch -> {
          String name =
              "epoch %,d from %s, %s"
                  .formatted(epoch.number(), epoch.start().text(), epoch.length().text());
          for (Epochs.Row row : epochs.rows()) {
            rows.add(List.of(name, row.unit(), text(row.turns().get(i))));
            name = "";
          }
        }
      }
    }
    return TextTable.of(rows);
  }

  private static String text(Epochs.Turn cell) {
    String works =
        cell.works().stream()
            .map(work -> work.einsum() + "[" + work.relativeTile() + "]")
            .collect(Collectors.joining(" "));
    String waits = String.join(", ", cell.waits());
    if (waits.isEmpty()) {
      return works;
    }
    return works.isEmpty() ? "waits: " + waits : works + "  waits: " + waits;
  }
}
