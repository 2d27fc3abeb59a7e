package dev.weir.einsum.zoo;

import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * One decoding step with attention sinks: "Efficient Streaming Language Models with Attention
 * Sinks" (StreamingLLM), section 3.2. The cache holds the first tokens and the latest ones, and
 * rotary positions are places in the cache, not in the text.
 */
final class StreamingLlmReference implements ZooReference {

  @Override
  public String cascade() {
    return "streaming_llm";
  }

  @Override
  public List<Map<String, Long>> workloads() {
    return List.of(
        Map.of("H", 2L, "N", 40L, "SK", 2L, "W", 8L, "E2", 4L, "F", 8L),
        Map.of("H", 3L, "N", 23L, "SK", 4L, "W", 7L, "E2", 3L, "F", 5L),
        Map.of("H", 1L, "N", 10L, "SK", 1L, "W", 8L, "E2", 5L, "F", 3L),
        Map.of("H", 5L, "N", 61L, "SK", 3L, "W", 1L, "E2", 1L, "F", 2L));
  }

  @Override
  public Map<String, double[]> special(Map<String, Long> shapes, Random random) {
    int places = Math.toIntExact(shapes.get("SK") + shapes.get("W"));
    int half = Math.toIntExact(shapes.get("E2"));
    double[] cos = new double[places * half];
    double[] sin = new double[places * half];
    for (int t = 0; t < places; t++) {
      for (int e = 0; e < half; e++) {
        double angle = t * Math.pow(10000, -(double) e / half);
        cos[t * half + e] = Math.cos(angle);
        sin[t * half + e] = Math.sin(angle);
      }
    }
    return Map.of("Cos", cos, "Sin", sin);
  }

  @Override
  public Map<String, double[]> outputs(Map<String, Long> shapes, Map<String, double[]> inputs) {
    int heads = Math.toIntExact(shapes.get("H"));
    int tokens = Math.toIntExact(shapes.get("N"));
    int sinks = Math.toIntExact(shapes.get("SK"));
    int window = Math.toIntExact(shapes.get("W"));
    int width = Math.toIntExact(2 * shapes.get("E2"));
    int features = Math.toIntExact(shapes.get("F"));
    double[] v = inputs.get("V");
    double[] o = new double[heads * features];
    int places = sinks + window;
    for (int h = 0; h < heads; h++) {
      double[] q = rotated(inputs.get("Q"), h * width, places - 1, width, inputs);
      double[] score = new double[places];
      double max = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < places; c++) {
        int token = token(c, sinks, window, tokens);
        double[] k = rotated(inputs.get("K"), (h * tokens + token) * width, c, width, inputs);
        for (int e = 0; e < width; e++) {
          score[c] += q[e] * k[e];
        }
        score[c] /= Math.sqrt(width);
        max = Math.max(max, score[c]);
      }
      double sum = 0;
      for (int c = 0; c < places; c++) {
        sum += Math.exp(score[c] - max);
      }
      for (int c = 0; c < places; c++) {
        int token = token(c, sinks, window, tokens);
        for (int f = 0; f < features; f++) {
          o[h * features + f] +=
              Math.exp(score[c] - max) / sum * v[(h * tokens + token) * features + f];
        }
      }
    }
    return Map.of("O", o);
  }

  /** The token in a place of the cache. */
  private static int token(int place, int sinks, int window, int tokens) {
    return place < sinks ? place : tokens - window + place - sinks;
  }

  /** The vector that starts at an offset, turned by a position: column e pairs with e + width/2. */
  private static double[] rotated(
      double[] vectors, int offset, int position, int width, Map<String, double[]> inputs) {
    int half = width / 2;
    double[] turned = new double[width];
    for (int e = 0; e < half; e++) {
      double a = vectors[offset + e];
      double b = vectors[offset + half + e];
      double cos = inputs.get("Cos")[position * half + e];
      double sin = inputs.get("Sin")[position * half + e];
      turned[e] = a * cos - b * sin;
      turned[half + e] = b * cos + a * sin;
    }
    return turned;
  }
}
