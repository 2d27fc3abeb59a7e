package dev.weir.einsum.source;

/** How bad a diagnostic is; an error stops what was asked for, a warning does not. */
public enum Severity {
  ERROR,
  WARNING
}
