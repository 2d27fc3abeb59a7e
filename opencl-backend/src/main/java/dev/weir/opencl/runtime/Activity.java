package dev.weir.opencl.runtime;

/** What a driver was busy with when it failed. */
enum Activity {
  STARTING("it was loaded", "starting a process for the device"),
  FINDING("it was asked for its devices", "looking for devices"),
  BUILDING("it built the kernel", "building the kernel"),
  WRITING("it took the inputs", "copying the inputs to the device"),
  RUNNING("it ran the kernel", "running the kernel"),
  READING("it handed out the results", "copying the results from the device");

  private final String during;
  private final String doing;

  Activity(String during, String doing) {
    this.during = during;
    this.doing = doing;
  }

  /** As in "the driver crashed while …". */
  String during() {
    return during;
  }

  /** As in "… did not finish". */
  String doing() {
    return doing;
  }
}
