package dev.weir.mapper.search;

import dev.weir.mapper.model.Cost;

/** What a search makes as small as possible. */
public enum Objective {
  LATENCY("s"),
  ENERGY("pJ"),
  ENERGY_DELAY_PRODUCT("pJ·s");

  private final String unit;

  Objective(String unit) {
    this.unit = unit;
  }

  /** Unit of its values. */
  public String unit() {
    return unit;
  }

  /** Its value; smaller is better. */
  public double of(Cost cost) {
    return switch (this) {
      case LATENCY -> cost.seconds();
      case ENERGY -> cost.energy().totalPicojoules();
      case ENERGY_DELAY_PRODUCT -> cost.energyDelayProduct();
    };
  }
}
