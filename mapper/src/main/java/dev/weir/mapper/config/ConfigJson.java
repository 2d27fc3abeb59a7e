package dev.weir.mapper.config;

import dev.weir.mapper.config.ConfigNode.Mapping;
import dev.weir.mapper.config.ConfigNode.Scalar;
import dev.weir.mapper.config.ConfigNode.Sequence;
import java.math.BigDecimal;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The same values as a JSON tree, for schema checks and for binding. */
public final class ConfigJson {

  /** Keeps every decimal exactly as it was written. */
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ConfigJson() {}

  /** The tree without positions. Numbers are exact; {@code .inf} and {@code .nan} become texts. */
  public static JsonNode of(ConfigNode node) {
    return switch (node) {
      case Mapping mapping -> {
        ObjectNode object = NODES.objectNode();
        mapping.entries().forEach(entry -> object.set(entry.key(), of(entry.value())));
        yield object;
      }
      case Sequence sequence -> {
        ArrayNode array = NODES.arrayNode();
        sequence.items().forEach(item -> array.add(of(item)));
        yield array;
      }
      case Scalar scalar -> scalar(scalar);
    };
  }

  private static JsonNode scalar(Scalar scalar) {
    Optional<BigDecimal> number = scalar.number();
    return switch (scalar.kind()) {
      case TEXT -> NODES.stringNode(scalar.text());
      case INTEGER -> NODES.numberNode(number.orElseThrow().toBigIntegerExact());
      case DECIMAL ->
          number.isPresent() ? NODES.numberNode(number.get()) : NODES.stringNode(scalar.text());
      case BOOLEAN -> NODES.booleanNode(scalar.text().equalsIgnoreCase("true"));
      case NULL -> NODES.nullNode();
    };
  }
}
