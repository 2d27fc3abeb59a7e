package dev.weir.simulator.trace;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/**
 * Writes tracks, slices and counters as a Perfetto trace. The numbers of the fields are those of
 * {@code trace_packet.proto}, {@code track_descriptor.proto}, {@code counter_descriptor.proto},
 * {@code track_event.proto} and {@code debug_annotation.proto} in {@code protos/perfetto/trace} of
 * Perfetto; how they are used says its page "Writing TrackEvent Protos Synthetically".
 */
final class TrackEvents {

  private static final int TRACE_PACKET = 1;

  private static final int PACKET_TIMESTAMP = 8;
  private static final int PACKET_SEQUENCE = 10;
  private static final int PACKET_TRACK_EVENT = 11;
  private static final int PACKET_TRACK_DESCRIPTOR = 60;

  private static final int TRACK_UUID = 1;
  private static final int TRACK_NAME = 2;
  private static final int TRACK_PROCESS = 3;
  private static final int TRACK_PARENT = 5;
  private static final int TRACK_COUNTER = 8;
  private static final int TRACK_CHILD_ORDERING = 11;
  private static final int TRACK_SIBLING_RANK = 12;
  private static final int CHILD_ORDERING_EXPLICIT = 3;

  private static final int PROCESS_PID = 1;
  private static final int PROCESS_NAME = 6;

  private static final int COUNTER_UNIT_NAME = 6;

  private static final int EVENT_ANNOTATION = 4;
  private static final int EVENT_TYPE = 9;
  private static final int EVENT_TRACK = 11;
  private static final int EVENT_CATEGORY = 22;
  private static final int EVENT_NAME = 23;
  private static final int EVENT_REAL_VALUE = 44;
  private static final int TYPE_SLICE_BEGIN = 1;
  private static final int TYPE_SLICE_END = 2;
  private static final int TYPE_COUNTER = 4;

  private static final int ANNOTATION_WHOLE_NUMBER = 4;
  private static final int ANNOTATION_TEXT = 6;
  private static final int ANNOTATION_NAME = 10;

  /** Any number but 0; there is one writer. */
  private static final int SEQUENCE = 1;

  private static final int PID = 1;

  private final OutputStream out;
  private final long nanosecondsPerCycle;
  private int tracks;

  TrackEvents(OutputStream out, long nanosecondsPerCycle) {
    this.out = out;
    this.nanosecondsPerCycle = nanosecondsPerCycle;
  }

  /** The track that all others stand below; answers its number. */
  int root(String name) throws IOException {
    ProtoMessage process = new ProtoMessage().number(PROCESS_PID, PID).text(PROCESS_NAME, name);
    return define(new ProtoMessage().message(TRACK_PROCESS, process), name);
  }

  /** A track for slices, or for other tracks; answers its number. Siblings keep their order. */
  int track(int parent, String name) throws IOException {
    return define(new ProtoMessage().number(TRACK_PARENT, parent), name);
  }

  /** A track of numbers over time; answers its number. */
  int counter(int parent, String name, String unit) throws IOException {
    ProtoMessage counter = new ProtoMessage().text(COUNTER_UNIT_NAME, unit);
    return define(
        new ProtoMessage().number(TRACK_PARENT, parent).message(TRACK_COUNTER, counter), name);
  }

  private int define(ProtoMessage track, String name) throws IOException {
    int number = ++tracks;
    track
        .number(TRACK_UUID, number)
        .text(TRACK_NAME, name)
        .number(TRACK_CHILD_ORDERING, CHILD_ORDERING_EXPLICIT)
        .number(TRACK_SIBLING_RANK, number);
    write(new ProtoMessage().message(PACKET_TRACK_DESCRIPTOR, track));
    return number;
  }

  /**
   * A slice begins. Slices of a track must be written in their order; one that begins before
   * another ends stands below it, and must end first.
   *
   * @param details by name; whole numbers are written as such, everything else as text
   */
  void begin(int track, long cycle, String category, String name, Map<String, Object> details)
      throws IOException {
    ProtoMessage event = event(track, TYPE_SLICE_BEGIN);
    event.text(EVENT_CATEGORY, category).text(EVENT_NAME, name);
    details.forEach((key, value) -> event.message(EVENT_ANNOTATION, annotation(key, value)));
    write(cycle, event);
  }

  private static ProtoMessage annotation(String key, Object value) {
    ProtoMessage annotation = new ProtoMessage().text(ANNOTATION_NAME, key);
    return value instanceof Long number
        ? annotation.number(ANNOTATION_WHOLE_NUMBER, number)
        : annotation.text(ANNOTATION_TEXT, value.toString());
  }

  /** The innermost slice of a track ends. */
  void end(int track, long cycle) throws IOException {
    write(cycle, event(track, TYPE_SLICE_END));
  }

  /** A counter has a value from this cycle on. */
  void value(int counter, long cycle, double value) throws IOException {
    write(cycle, event(counter, TYPE_COUNTER).real(EVENT_REAL_VALUE, value));
  }

  private static ProtoMessage event(int track, int type) {
    return new ProtoMessage().number(EVENT_TYPE, type).number(EVENT_TRACK, track);
  }

  private void write(long cycle, ProtoMessage event) throws IOException {
    long nanoseconds = Math.multiplyExact(cycle, nanosecondsPerCycle);
    write(
        new ProtoMessage()
            .number(PACKET_TIMESTAMP, nanoseconds)
            .message(PACKET_TRACK_EVENT, event));
  }

  private void write(ProtoMessage packet) throws IOException {
    packet.number(PACKET_SEQUENCE, SEQUENCE);
    new ProtoMessage().message(TRACE_PACKET, packet).writeTo(out);
  }
}
