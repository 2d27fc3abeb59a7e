package dev.weir.einsum.check;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.syntax.CascadeSyntax;
import java.util.List;
import java.util.Optional;

/**
 * A cascade that another one uses.
 *
 * @param syntax without any {@code use}
 * @param scope what its names mean
 */
record UsedCascade(CascadeSyntax syntax, Scope scope, Cascade cascade) {

  String name() {
    return cascade.name();
  }

  Optional<Tensor> tensor(String name, Tensor.Role role) {
    return tensors(role).stream().filter(t -> t.name().text().equals(name)).findFirst();
  }

  List<Tensor> tensors(Tensor.Role role) {
    return cascade.tensors().stream().filter(tensor -> tensor.role() == role).toList();
  }
}
