import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;

/**
 * Sums what Surefire wrote in all modules and names each skipped test with its reason: {@code java
 * TestTotals.java ROOT MARKER}. Reports older than the marker file belong to an earlier run and do
 * not count.
 */
final class TestTotals {
  private int tests;
  private int failed;
  private int skipped;
  private final List<String> skips = new ArrayList<>();

  private TestTotals() {}

  /** Prints the skipped tests and, as the last line, the totals. */
  public static void main(String[] arguments) throws Exception {
    FileTime start = Files.getLastModifiedTime(Path.of(arguments[1]));
    var totals = new TestTotals();
    for (Path report : reports(Path.of(arguments[0]))) {
      if (Files.getLastModifiedTime(report).compareTo(start) >= 0) {
        totals.add(report);
      }
    }
    // Maven leaves colour codes at the beginning of this line.
    System.out.println();
    totals.skips.forEach(System.out::println);
    System.out.printf(
        "%d passed, %d failed, %d skipped%n",
        totals.tests - totals.failed - totals.skipped, totals.failed, totals.skipped);
  }

  private static List<Path> reports(Path root) throws IOException {
    var reports = new ArrayList<Path>();
    try (Stream<Path> modules = Files.list(root)) {
      for (Path module : modules.sorted().toList()) {
        Path folder = module.resolve("target/surefire-reports");
        if (Files.isDirectory(folder)) {
          try (var found = Files.newDirectoryStream(folder, "TEST-*.xml")) {
            found.forEach(reports::add);
          }
        }
      }
    }
    return reports;
  }

  private void add(Path report) throws Exception {
    var document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(report.toFile());
    var cases = document.getElementsByTagName("testcase");
    for (int i = 0; i < cases.getLength(); i++) {
      var test = (Element) cases.item(i);
      tests++;
      if (test.getElementsByTagName("failure").getLength() > 0
          || test.getElementsByTagName("error").getLength() > 0) {
        failed++;
      } else if (test.getElementsByTagName("skipped").item(0) instanceof Element skip) {
        skipped++;
        skips.add("skipped " + name(test) + ": " + reason(skip));
      }
    }
  }

  private static String name(Element test) {
    return test.getAttribute("classname") + "." + test.getAttribute("name");
  }

  private static String reason(Element skip) {
    String reason = skip.getAttribute("message");
    return reason.isBlank() ? "no reason given" : reason.strip().lines().findFirst().orElseThrow();
  }
}
