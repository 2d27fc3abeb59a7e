package dev.weir.opencl.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which platforms are asked for their devices.
 *
 * @param named those to use although they are known to compute wrongly, as {@code rusticl}
 * @param crashed full names of those that took their process with them when they were asked
 * @param only the full name of the single one to ask, whatever is known of it
 */
record PlatformChoice(List<String> named, List<String> crashed, Optional<String> only) {

  /** Platforms that gave wrong results or crash: only used when asked for by name. */
  private static final List<String> ONLY_WHEN_NAMED = List.of("rusticl", "clover");

  PlatformChoice {
    named = List.copyOf(named);
    crashed = List.copyOf(crashed);
  }

  /** All, except those that are known to compute wrongly and are not named. */
  static PlatformChoice usual(List<String> named) {
    return new PlatformChoice(named, List.of(), Optional.empty());
  }

  static PlatformChoice only(String platform) {
    return new PlatformChoice(List.of(), List.of(), Optional.of(platform));
  }

  PlatformChoice without(String platform) {
    List<String> more = new ArrayList<>(crashed);
    more.add(platform);
    return new PlatformChoice(named, more, only);
  }

  /** Whether it is asked at all. */
  boolean asks(String platform) {
    return only.map(platform::equals).orElse(!crashed.contains(platform));
  }

  /** Whether it is left out for what it computed in the past. */
  boolean shuns(String platform) {
    String lower = platform.toLowerCase(Locale.ROOT);
    return only.isEmpty()
        && ONLY_WHEN_NAMED.stream()
            .anyMatch(shunned -> lower.contains(shunned) && !named.contains(shunned));
  }
}
