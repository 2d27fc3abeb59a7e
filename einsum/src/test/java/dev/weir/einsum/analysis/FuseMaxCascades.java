package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.Cascade;

/** The cascades that FuseMax writes out or describes, by the numbers of its equations. */
public final class FuseMaxCascades {

  private static final double LOW = Double.NEGATIVE_INFINITY;

  private FuseMaxCascades() {}

  /** Cascade 1: a second product needs the complete first. */
  public static Cascade cascade1() {
    return CascadeBuilder.cascade("Cascade 1")
        .inputs("A[K]", "B[K]")
        .tensors(0, "Y[]")
        .outputs("Z[]")
        .einsum("Y[] = A[k] * B[k]")
        .einsum("Z[] = Y[] * A[k]")
        .build();
  }

  /** Cascade 2: the multiplication is deferred. */
  public static Cascade cascade2() {
    return CascadeBuilder.cascade("Cascade 2")
        .inputs("A[K]", "B[K]")
        .tensors(0, "Y[]", "X[]")
        .outputs("Z[]")
        .einsum("Y[] = A[k] * B[k]")
        .einsum("X[] = A[k]")
        .einsum("Z[] = Y[] * X[]")
        .build();
  }

  /** Cascade 3: iterative. */
  public static Cascade cascade3() {
    return CascadeBuilder.cascade("Cascade 3")
        .inputs("A[K]", "B[K]")
        .iterative("K", 0, "RY[K]", "RZ[K]")
        .outputs("Z[]")
        .einsum("RY[0] = 0")
        .einsum("RZ[0] = 0")
        .einsum("RY[k+1] = RY[k] + A[k] * B[k]")
        .einsum("RZ[k+1] = RZ[k] * RY[k+1] / RY[k] + RY[k+1] * A[k]")
        .einsum("Z[] = RZ[K]")
        .build();
  }

  /** Softmax without its maximum (26-28). */
  public static Cascade naive() {
    return attention("naive", "QK[M,P]", "SN[M,P]", "SD[P]", "A[M,P]")
        .einsum("QK[m,p] = scale * Q[p,e] * K[m,e]")
        .einsum("SN[m,p] = exp(QK[m,p])")
        .einsum("SD[p] = SN[m,p]")
        .einsum("A[m,p] = SN[m,p] / SD[p]")
        .einsum("AV[p,f] = A[m,p] * V[m,f]")
        .build();
  }

  /** The same with deferred division (31-32). */
  public static Cascade naiveDeferred() {
    return attention("naive, deferred division", "QK[M,P]", "SN[M,P]", "SD[P]", "SNV[P,F]")
        .einsum("QK[m,p] = scale * Q[p,e] * K[m,e]")
        .einsum("SN[m,p] = exp(QK[m,p])")
        .einsum("SD[p] = SN[m,p]")
        .einsum("SNV[p,f] = SN[m,p] * V[m,f]")
        .einsum("AV[p,f] = SNV[p,f] / SD[p]")
        .build();
  }

  /** Cascade 4 (33-38). */
  public static Cascade cascade4() {
    return stable("Cascade 4", "A[M,P]")
        .einsum("A[m,p] = SN[m,p] / SD[p]")
        .einsum("AV[p,f] = A[m,p] * V[m,f]")
        .build();
  }

  /** Cascade 4 with deferred division. */
  public static Cascade cascade4Deferred() {
    return stable("Cascade 4, deferred division", "SNV[P,F]")
        .einsum("SNV[p,f] = SN[m,p] * V[m,f]")
        .einsum("AV[p,f] = SNV[p,f] / SD[p]")
        .build();
  }

  /** The 2-pass cascade, which FuseMax describes in prose. */
  public static Cascade twoPass() {
    return local("2-pass", "SN[M1,M0,P]", "A[M1,M0,P]")
        .einsum("SN[m1,m0,p] = SLN[m1,m0,p] * PLM[m1,p]")
        .einsum("A[m1,m0,p] = SN[m1,m0,p] / SD[p]")
        .einsum("AV[p,f] = A[m1,m0,p] * V[m1*M0+m0,f]")
        .build();
  }

  /** The 2-pass cascade with local products and deferred division. */
  public static Cascade twoPassDeferred() {
    return local("2-pass, deferred division", "SLNV[M1,P,F]", "SNV[P,F]")
        .einsum("SLNV[m1,p,f] = SLN[m1,m0,p] * V[m1*M0+m0,f]")
        .einsum("SNV[p,f] = SLNV[m1,p,f] * PLM[m1,p]")
        .einsum("AV[p,f] = SNV[p,f] / SD[p]")
        .build();
  }

  /** Cascade 5 (39-56), with the partitioning Einsums written as indices. */
  public static Cascade cascade5() {
    return attention("Cascade 5", "SLN[M1,M0,P]", "SLD[M1,P]", "SLNV[M1,P,F]", "PRM[M1,P]")
        .partition("M", "M1", "M0")
        .tensors(0, "SPD[M1,P]", "SPNV[M1,P,F]")
        .tensors(LOW, "BQK[M1,M0,P]", "LM[M1,P]")
        .iterative("M1", LOW, "RM[M1,P]")
        .iterative("M1", 0, "RD[M1,P]", "RNV[M1,P,F]")
        .einsum("RM[0,p] = -inf")
        .einsum("RD[0,p] = 0")
        .einsum("RNV[0,p,f] = 0")
        .einsum("BQK[m1,m0,p] = scale * Q[p,e] * K[m1*M0+m0,e]")
        .einsum("LM[m1,p] = BQK[m1,m0,p] :: max")
        .einsum("RM[m1+1,p] = max(RM[m1,p], LM[m1,p])")
        .einsum("SLN[m1,m0,p] = exp(BQK[m1,m0,p] - RM[m1+1,p])")
        .einsum("SLD[m1,p] = SLN[m1,m0,p]")
        .einsum("SLNV[m1,p,f] = SLN[m1,m0,p] * V[m1*M0+m0,f]")
        .einsum("PRM[m1,p] = exp(RM[m1,p] - RM[m1+1,p])")
        .einsum("SPD[m1,p] = RD[m1,p] * PRM[m1,p]")
        .einsum("RD[m1+1,p] = SLD[m1,p] + SPD[m1,p]")
        .einsum("SPNV[m1,p,f] = RNV[m1,p,f] * PRM[m1,p]")
        .einsum("RNV[m1+1,p,f] = SLNV[m1,p,f] + SPNV[m1,p,f]")
        .einsum("AV[p,f] = RNV[M1,p,f] / RD[M1,p]")
        .build();
  }

  private static CascadeBuilder stable(String name, String... more) {
    return attention(name, more)
        .tensors(LOW, "QK[M,P]", "GM[P]")
        .tensors(0, "SN[M,P]", "SD[P]")
        .einsum("QK[m,p] = scale * Q[p,e] * K[m,e]")
        .einsum("GM[p] = QK[m,p] :: max")
        .einsum("SN[m,p] = exp(QK[m,p] - GM[p])")
        .einsum("SD[p] = SN[m,p]");
  }

  private static CascadeBuilder local(String name, String... more) {
    return attention(name, more)
        .partition("M", "M1", "M0")
        .tensors(LOW, "BQK[M1,M0,P]", "LM[M1,P]", "GM[P]")
        .tensors(0, "SLN[M1,M0,P]", "SLD[M1,P]", "PLM[M1,P]", "SD[P]")
        .einsum("BQK[m1,m0,p] = scale * Q[p,e] * K[m1*M0+m0,e]")
        .einsum("LM[m1,p] = BQK[m1,m0,p] :: max")
        .einsum("SLN[m1,m0,p] = exp(BQK[m1,m0,p] - LM[m1,p])")
        .einsum("SLD[m1,p] = SLN[m1,m0,p]")
        .einsum("GM[p] = LM[m1,p] :: max")
        .einsum("PLM[m1,p] = exp(LM[m1,p] - GM[p])")
        .einsum("SD[p] = SLD[m1,p] * PLM[m1,p]");
  }

  private static CascadeBuilder attention(String name, String... intermediates) {
    return CascadeBuilder.cascade(name)
        .inputs("Q[P,E]", "K[M,E]", "V[M,F]")
        .outputs("AV[P,F]")
        .scalar("scale", "E ^ -0.5")
        .tensors(0, intermediates);
  }
}
