/**
 * What a schedule costs, in closed form: counts, cycles, utilisation, energy. Nothing here visits
 * iterations one by one; {@code docs/cost-model.md} says how and where its limits are.
 */
package dev.weir.mapper.model;
