package dev.weir.opencl.execute;

/** Ends an execution; never leaves the package. */
final class FaultException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient Fault fault;

  FaultException(Fault fault) {
    super(fault.message());
    this.fault = fault;
  }

  Fault fault() {
    return fault;
  }
}
