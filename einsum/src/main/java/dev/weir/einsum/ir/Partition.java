package dev.weir.einsum.ir;

/**
 * A rank split by a uniform shape: coordinate m of {@code parent} is m1·M0 + m0. M1 = ⌈M/M0⌉, and
 * the last step of the outer rank may be shorter, so M0 need not divide M.
 *
 * @param parent the rank that is split
 * @param outer which step
 * @param inner where in the step; its shape is free until a schedule binds it
 */
public record Partition(RankName parent, RankName outer, RankName inner) {}
