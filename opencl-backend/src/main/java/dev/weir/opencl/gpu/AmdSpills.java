package dev.weir.opencl.gpu;

import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Spills of a kernel by its assembly. The compiler marks each store with a comment; loads that it
 * bundles have none, but they read the place that a marked store wrote.
 */
final class AmdSpills {

  private static final Pattern STORE =
      Pattern.compile("_store_\\S+\\s+\\S+, (off, [^;\\n]*?)\\s*; (\\d+)-byte Folded Spill");
  private static final Pattern LOAD =
      Pattern.compile("_load_dword(x[234])?\\s+\\S+, (off, [^;\\n]*?)\\s*(?:;.*)?(?=\\n)");

  private AmdSpills() {}

  static Spills of(String body, int scalarRegisters) {
    Matcher stores = STORE.matcher(body);
    long storeBytes = stores.results().mapToLong(store -> Long.parseLong(store.group(2))).sum();
    Set<String> places =
        STORE.matcher(body).results().map(store -> store.group(1)).collect(Collectors.toSet());
    long loadBytes =
        LOAD.matcher(body)
            .results()
            .filter(load -> places.contains(load.group(2)))
            .mapToLong(AmdSpills::bytes)
            .sum();
    return new Spills(storeBytes, loadBytes, scalarRegisters);
  }

  private static long bytes(MatchResult load) {
    return load.group(1) == null ? 4 : 4L * (load.group(1).charAt(1) - '0');
  }
}
