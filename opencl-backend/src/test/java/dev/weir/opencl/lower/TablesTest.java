package dev.weir.opencl.lower;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.opencl.example.Problems;
import dev.weir.opencl.kernel.KernelBuffer;
import dev.weir.opencl.kernel.Type;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TablesTest {

  @Test
  void lengthsAndIndicesAreWholeNumbersAndThresholdsAreNot() {
    String cascade =
        """
        cascade kept "sums of what is large enough"
          ranks   I, J
          inputs  A[I,J], N[I], At[I], Least[I], Most[I] :: uniform(0, 1), Other
          S[i,j]  = A[i,j] * A[i,j]
          Z[i]    = S[At[i],j] | j < N[i] and S[i,j] > Least[i] and A[i,j] < Most[i] and Other < 0.5
          outputs Z
        """;

    assertThat(whole(cascade)).containsExactlyInAnyOrder("N", "At");
  }

  private static Set<String> whole(String cascade) {
    return Problems.program(Problems.plain(cascade, "pocl-cpu", "I=4 J=6")).buffers().stream()
        .filter(buffer -> buffer.array().element().kind() == Type.Kind.INT)
        .map(KernelBuffer::tensor)
        .map(tensor -> tensor.text())
        .collect(Collectors.toSet());
  }
}
