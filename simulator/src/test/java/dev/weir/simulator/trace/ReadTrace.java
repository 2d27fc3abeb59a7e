package dev.weir.simulator.trace;

import static com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label.LABEL_OPTIONAL;
import static com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label.LABEL_REPEATED;
import static com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type.TYPE_DOUBLE;
import static com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type.TYPE_INT32;
import static com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type.TYPE_INT64;
import static com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type.TYPE_MESSAGE;
import static com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type.TYPE_STRING;
import static com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type.TYPE_UINT32;
import static com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type.TYPE_UINT64;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A trace as Perfetto would read it: parsed by Google's library with the field numbers of
 * Perfetto's published {@code .proto} files, sorted by time, slices of a track nested by a stack.
 *
 * @param tracks by number
 */
record ReadTrace(Map<Long, Track> tracks) {

  /**
   * A track with all that happens on it.
   *
   * @param parent number of the track above; 0 for none
   * @param slices outermost ones in their order
   * @param values of a counter, in their order
   */
  record Track(
      String name, long parent, boolean isCounter, List<Slice> slices, List<Value> values) {}

  /** A slice and those below it. */
  record Slice(
      String name,
      String category,
      long start,
      long end,
      Map<String, Object> details,
      List<Slice> children) {

    long length() {
      return end - start;
    }
  }

  /** A counter's new value. */
  record Value(long time, double value) {}

  private static final Descriptor TRACE = descriptor();

  private static Descriptor descriptor() {
    FileDescriptorProto file =
        FileDescriptorProto.newBuilder()
            .setName("trace.proto")
            .setPackage("perfetto.protos")
            .setSyntax("proto2")
            .addMessageType(message("Trace", many("packet", 1, "TracePacket")))
            .addMessageType(
                message(
                    "TracePacket",
                    one("timestamp", 8, TYPE_UINT64),
                    one("trusted_packet_sequence_id", 10, TYPE_UINT32),
                    one("track_event", 11, "TrackEvent"),
                    one("track_descriptor", 60, "TrackDescriptor")))
            .addMessageType(
                message(
                    "TrackDescriptor",
                    one("uuid", 1, TYPE_UINT64),
                    one("name", 2, TYPE_STRING),
                    one("process", 3, "ProcessDescriptor"),
                    one("parent_uuid", 5, TYPE_UINT64),
                    one("counter", 8, "CounterDescriptor"),
                    one("child_ordering", 11, TYPE_INT32),
                    one("sibling_order_rank", 12, TYPE_INT32)))
            .addMessageType(
                message(
                    "ProcessDescriptor",
                    one("pid", 1, TYPE_INT32),
                    one("process_name", 6, TYPE_STRING)))
            .addMessageType(message("CounterDescriptor", one("unit_name", 6, TYPE_STRING)))
            .addMessageType(
                message(
                    "TrackEvent",
                    many("debug_annotations", 4, "DebugAnnotation"),
                    one("type", 9, TYPE_INT32),
                    one("track_uuid", 11, TYPE_UINT64),
                    field("categories", 22, TYPE_STRING, LABEL_REPEATED).build(),
                    one("name", 23, TYPE_STRING),
                    one("double_counter_value", 44, TYPE_DOUBLE)))
            .addMessageType(
                message(
                    "DebugAnnotation",
                    one("int_value", 4, TYPE_INT64),
                    one("string_value", 6, TYPE_STRING),
                    one("name", 10, TYPE_STRING)))
            .build();
    try {
      return FileDescriptor.buildFrom(file, new FileDescriptor[0]).findMessageTypeByName("Trace");
    } catch (DescriptorValidationException wrong) {
      throw new AssertionError(wrong);
    }
  }

  private static DescriptorProto message(String name, FieldDescriptorProto... fields) {
    return DescriptorProto.newBuilder().setName(name).addAllField(List.of(fields)).build();
  }

  private static FieldDescriptorProto one(String name, int number, FieldDescriptorProto.Type type) {
    return field(name, number, type, LABEL_OPTIONAL).build();
  }

  private static FieldDescriptorProto one(String name, int number, String message) {
    return field(name, number, TYPE_MESSAGE, LABEL_OPTIONAL).setTypeName(message).build();
  }

  private static FieldDescriptorProto many(String name, int number, String message) {
    return field(name, number, TYPE_MESSAGE, LABEL_REPEATED).setTypeName(message).build();
  }

  private static FieldDescriptorProto.Builder field(
      String name, int number, FieldDescriptorProto.Type type, FieldDescriptorProto.Label label) {
    return FieldDescriptorProto.newBuilder()
        .setName(name)
        .setNumber(number)
        .setType(type)
        .setLabel(label);
  }

  /** Reads a trace, and checks what Perfetto asks of one. */
  static ReadTrace of(byte[] bytes) {
    DynamicMessage trace;
    try {
      trace = DynamicMessage.parseFrom(TRACE, bytes);
    } catch (InvalidProtocolBufferException broken) {
      throw new AssertionError(broken);
    }
    assertThat(trace.getUnknownFields().asMap()).isEmpty();
    Map<Long, Track> tracks = new LinkedHashMap<>();
    List<DynamicMessage> events = new ArrayList<>();
    for (DynamicMessage packet : messages(trace, "packet")) {
      assertThat((int) get(packet, "trusted_packet_sequence_id")).isEqualTo(1);
      assertThat(packet.getUnknownFields().asMap()).isEmpty();
      if (has(packet, "track_descriptor")) {
        DynamicMessage track = (DynamicMessage) get(packet, "track_descriptor");
        assertThat(track.getUnknownFields().asMap()).isEmpty();
        Track before =
            tracks.put(
                (long) get(track, "uuid"),
                new Track(
                    (String) get(track, "name"),
                    (long) get(track, "parent_uuid"),
                    has(track, "counter"),
                    new ArrayList<>(),
                    new ArrayList<>()));
        assertThat(before).isNull();
      } else {
        events.add(packet);
      }
    }
    events.sort(Comparator.comparingLong(packet -> (long) get(packet, "timestamp")));
    replay(events, tracks);
    return new ReadTrace(tracks);
  }

  private static void replay(List<DynamicMessage> events, Map<Long, Track> tracks) {
    Map<Long, Deque<Slice>> open = new HashMap<>();
    for (DynamicMessage packet : events) {
      long time = (long) get(packet, "timestamp");
      DynamicMessage event = (DynamicMessage) get(packet, "track_event");
      assertThat(event.getUnknownFields().asMap()).isEmpty();
      long number = (long) get(event, "track_uuid");
      Track track = tracks.get(number);
      Deque<Slice> stack = open.computeIfAbsent(number, _ -> new ArrayDeque<>());
      assertThat(track.isCounter()).isEqualTo((int) get(event, "type") == 4);
      switch ((int) get(event, "type")) {
        case 1 -> stack.push(begin(event, time));
        case 2 -> {
          Slice begun = stack.pop();
          Slice slice =
              new Slice(
                  begun.name(),
                  begun.category(),
                  begun.start(),
                  time,
                  begun.details(),
                  begun.children());
          assertThat(slice.length()).as(slice.name()).isPositive();
          (stack.isEmpty() ? track.slices() : stack.peek().children()).add(slice);
        }
        case 4 -> track.values().add(new Value(time, (double) get(event, "double_counter_value")));
        default -> throw new AssertionError(event);
      }
    }
    open.values().forEach(stack -> assertThat(stack).isEmpty());
  }

  private static Slice begin(DynamicMessage event, long time) {
    Map<String, Object> details = new LinkedHashMap<>();
    for (DynamicMessage annotation : messages(event, "debug_annotations")) {
      String kind = has(annotation, "int_value") ? "int_value" : "string_value";
      details.put((String) get(annotation, "name"), get(annotation, kind));
    }
    List<?> categories = (List<?>) get(event, "categories");
    return new Slice(
        (String) get(event, "name"),
        (String) categories.getFirst(),
        time,
        time,
        details,
        new ArrayList<>());
  }

  private static Object get(DynamicMessage message, String field) {
    return message.getField(message.getDescriptorForType().findFieldByName(field));
  }

  private static boolean has(DynamicMessage message, String field) {
    return message.hasField(message.getDescriptorForType().findFieldByName(field));
  }

  private static List<DynamicMessage> messages(DynamicMessage message, String field) {
    return ((List<?>) get(message, field)).stream().map(DynamicMessage.class::cast).toList();
  }

  /** The only track of this name directly below the root. */
  Track track(String name) {
    List<Track> found =
        tracks.values().stream()
            .filter(track -> track.name().equals(name) && track.parent() == 1)
            .toList();
    assertThat(found).as(name).hasSize(1);
    return found.getFirst();
  }

  /** Tracks below one that is directly below the root. */
  List<Track> below(String name) {
    long number =
        tracks.entrySet().stream()
            .filter(entry -> entry.getValue().equals(track(name)))
            .findFirst()
            .orElseThrow()
            .getKey();
    return tracks.values().stream().filter(track -> track.parent() == number).toList();
  }
}
