package dev.weir.opencl.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts the lines of the source beside what a compiler says about them. */
public final class CompilerLog {

  /** Compilers work on copies of the text, whose names say nothing. */
  private static final Pattern COPY = Pattern.compile("\\S+\\.cl(?=:\\d)");

  private static final Pattern PLACE = Pattern.compile(":(\\d+):\\d+:|\\((\\d+)\\)|line (\\d+)");

  private CompilerLog() {}

  /** The lines of a log, each that names a place followed by that line of the source. */
  public static List<String> withSource(String log, String source) {
    List<String> lines = source.lines().toList();
    List<String> both = new ArrayList<>();
    String readable = COPY.matcher(log.replace("\0", "")).replaceAll("kernel.cl");
    for (String line : readable.lines().filter(l -> !l.isBlank()).toList()) {
      both.add(line);
      Matcher place = PLACE.matcher(line);
      if (place.find()) {
        int number = number(place);
        if (number >= 1 && number <= lines.size()) {
          both.add("  " + number + " | " + lines.get(number - 1).strip());
        }
      }
    }
    return both;
  }

  private static int number(Matcher place) {
    for (int group = 1; group <= place.groupCount(); group++) {
      if (place.group(group) != null) {
        return Integer.parseInt(place.group(group));
      }
    }
    throw new IllegalStateException("a place without a line number");
  }
}
