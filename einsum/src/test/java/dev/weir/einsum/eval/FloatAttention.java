package dev.weir.einsum.eval;

import java.util.Arrays;
import java.util.Random;

/**
 * Attention of one query in Java's float, as programs write it: nothing of the cascades, and sums
 * in an order of choice.
 */
final class FloatAttention {

  /** In which order products are summed. */
  enum Order {
    FORWARDS,
    BACKWARDS,
    PAIRWISE,
    /** Blocks of 32, each by itself. */
    BLOCKED,
    /** Sixteen partial sums, as lanes of a vector have them. */
    LANES,
    SHUFFLED,
    /** Forwards with fused multiply-add. */
    FUSED
  }

  private final Order order;
  private final Random random;
  private final int ulps;

  /**
   * Arithmetic.
   *
   * @param random order of {@link Order#SHUFFLED} and errors of functions
   * @param ulps by how many units in the last place exp may be off beyond rounding
   */
  FloatAttention(Order order, Random random, int ulps) {
    this.order = order;
    this.random = random;
    this.ulps = ulps;
  }

  /** The sum of products of two arrays. */
  float dot(float[] a, float[] b) {
    int n = a.length;
    return switch (order) {
      case FORWARDS -> {
        float sum = 0;
        for (int i = 0; i < n; i++) {
          sum += a[i] * b[i];
        }
        yield sum;
      }
      case BACKWARDS -> {
        float sum = 0;
        for (int i = n - 1; i >= 0; i--) {
          sum += a[i] * b[i];
        }
        yield sum;
      }
      case FUSED -> {
        float sum = 0;
        for (int i = 0; i < n; i++) {
          sum = Math.fma(a[i], b[i], sum);
        }
        yield sum;
      }
      case PAIRWISE -> pairwise(a, b, 0, n);
      case BLOCKED -> {
        float sum = 0;
        for (int start = 0; start < n; start += 32) {
          float block = 0;
          for (int i = start; i < Math.min(n, start + 32); i++) {
            block += a[i] * b[i];
          }
          sum += block;
        }
        yield sum;
      }
      case LANES -> {
        float[] lanes = new float[16];
        for (int i = 0; i < n; i++) {
          lanes[i % 16] += a[i] * b[i];
        }
        float sum = 0;
        for (float lane : lanes) {
          sum += lane;
        }
        yield sum;
      }
      case SHUFFLED -> {
        int[] places = random.ints(0, n).distinct().limit(n).toArray();
        float sum = 0;
        for (int i : places) {
          sum += a[i] * b[i];
        }
        yield sum;
      }
    };
  }

  private static float pairwise(float[] a, float[] b, int start, int end) {
    if (end - start == 1) {
      return a[start] * b[start];
    }
    int middle = (start + end) / 2;
    return start == end ? 0 : pairwise(a, b, start, middle) + pairwise(a, b, middle, end);
  }

  private float exp(float x) {
    float value = (float) Math.exp(x);
    return ulps == 0 ? value : value + Math.ulp(value) * (random.nextInt(2 * ulps + 1) - ulps);
  }

  private static float[] ones(int n) {
    float[] ones = new float[n];
    Arrays.fill(ones, 1);
    return ones;
  }

  private float[] scores(float[] query, float[][] keys, float scale, boolean isScaledLast) {
    float[] scaled = query.clone();
    for (int e = 0; e < scaled.length && !isScaledLast; e++) {
      scaled[e] *= scale;
    }
    float[] scores = new float[keys.length];
    for (int m = 0; m < scores.length; m++) {
      scores[m] = isScaledLast ? dot(scaled, keys[m]) * scale : dot(scaled, keys[m]);
    }
    return scores;
  }

  private static float max(float[] values, float start) {
    float max = start;
    for (float value : values) {
      max = Math.max(max, value);
    }
    return max;
  }

  /** Maximum, denominator, then weights divided before or after the second product. */
  float[] inPasses(
      float[] query, float[][] keys, float[][] valuesByColumn, float scale, boolean isDeferred) {
    float[] weights = scores(query, keys, scale, isDeferred);
    float max = max(weights, Float.NEGATIVE_INFINITY);
    for (int m = 0; m < weights.length; m++) {
      weights[m] = exp(weights[m] - max);
    }
    float denominator = dot(weights, ones(weights.length));
    float[] result = new float[valuesByColumn.length];
    for (int m = 0; m < weights.length && !isDeferred; m++) {
      weights[m] /= denominator;
    }
    for (int f = 0; f < result.length; f++) {
      float sum = dot(weights, valuesByColumn[f]);
      result[f] = isDeferred ? sum / denominator : sum;
    }
    return result;
  }

  /**
   * With running maximum, denominator and numerator.
   *
   * @param isOneSum whether a tile's products are added to the rescaled numerator one by one
   */
  float[] inOnePass(
      float[] query,
      float[][] keys,
      float[][] valuesByColumn,
      float scale,
      int tile,
      boolean isOneSum) {
    float[] numerator = new float[valuesByColumn.length];
    float denominator = 0;
    float max = Float.NEGATIVE_INFINITY;
    float[] all = scores(query, keys, scale, isOneSum);
    for (int start = 0; start < all.length; start += tile) {
      int end = Math.min(all.length, start + tile);
      float[] weights = Arrays.copyOfRange(all, start, end);
      float next = max(weights, max);
      float rescale = exp(max - next);
      for (int m = 0; m < weights.length; m++) {
        weights[m] = exp(weights[m] - next);
      }
      denominator = denominator * rescale + dot(weights, ones(weights.length));
      for (int f = 0; f < numerator.length; f++) {
        float[] column = Arrays.copyOfRange(valuesByColumn[f], start, end);
        float sum = numerator[f] * rescale;
        if (isOneSum) {
          for (int m = 0; m < weights.length; m++) {
            sum = Math.fma(weights[m], column[m], sum);
          }
          numerator[f] = sum;
        } else {
          numerator[f] = sum + dot(weights, column);
        }
      }
      max = next;
    }
    for (int f = 0; f < numerator.length; f++) {
      numerator[f] /= denominator;
    }
    return numerator;
  }
}
