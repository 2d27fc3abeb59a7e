package dev.weir.einsum.syntax;

import dev.weir.einsum.source.Span;
import java.util.List;
import java.util.Optional;

/** One statement of a cascade. */
public sealed interface Statement {

  /** Where it stands, comments excluded. */
  Span span();

  /** Comments and blank lines around it. */
  Trivia trivia();

  /** {@code ranks B, H, E = 64}. */
  record Ranks(List<Rank> ranks, Span span, Trivia trivia) implements Statement {
    public Ranks {
      ranks = List.copyOf(ranks);
    }
  }

  /** A rank, with its shape when the workload gives none. */
  record Rank(Term.Name name, Optional<Term> shape) {}

  /** {@code partition M = M1 * M0 by 256}. */
  record Partitions(List<Split> splits, Span span, Trivia trivia) implements Statement {
    public Partitions {
      splits = List.copyOf(splits);
    }
  }

  /** One rank split in two, with the shape of the inner part when a schedule gives none. */
  record Split(Term.Name parent, Term.Name outer, Term.Name inner, Optional<Term> by) {}

  /** {@code inputs Q[B,H,P,E], J[P,T] :: integers(0, M-1)}. */
  record Inputs(List<Input> tensors, Span span, Trivia trivia) implements Statement {
    public Inputs {
      tensors = List.copyOf(tensors);
    }
  }

  /**
   * A tensor that comes in.
   *
   * @param tensor an access with ranks as indices, or a name for a tensor without ranks
   * @param distribution what its values are like, where the text says so
   */
  record Input(Term tensor, Optional<Term.Call> distribution) {

    /** What it is called. */
    public Term.Name name() {
      return tensor instanceof Term.Access access ? access.tensor() : (Term.Name) tensor;
    }

    /** Its ranks; none for a tensor without. */
    public List<Term> ranks() {
      return tensor instanceof Term.Access access ? access.indices() : List.of();
    }
  }

  /**
   * {@code use "attention.edge" as heads with Q = QH, M = P}: all of another cascade.
   *
   * @param source name of a cascade in a file beside this one, or the path of a file
   * @param prefix what the names of its tensors begin with here; the name of the file without it
   * @param bindings inputs, outputs and ranks of it that have another name here
   */
  record Use(
      Source source, Optional<Term.Name> prefix, List<Binding> bindings, Span span, Trivia trivia)
      implements Statement {
    public Use {
      bindings = List.copyOf(bindings);
    }
  }

  /**
   * Which file a cascade is used from.
   *
   * @param text a path, or a name that stands for the file {@code NAME.edge}
   * @param isPath whether it stands in quotes
   */
  record Source(String text, boolean isPath, Span span) {}

  /** {@code there = here}. */
  record Binding(Term.Name there, Term.Name here) {}

  /** {@code stop k when D[k+1] <= 1e-6}. */
  record Stop(Term.Name variable, Term condition, Span span, Trivia trivia) implements Statement {}

  /** {@code scalar scale = E^-0.5}. */
  record Scalars(List<Definition> definitions, Span span, Trivia trivia) implements Statement {
    public Scalars {
      definitions = List.copyOf(definitions);
    }
  }

  /**
   * {@code function leaky(x) = max(x, 0.2*x) :: rising()}.
   *
   * @param facts what follows {@code ::}, in order
   */
  record Function(
      Term.Name name,
      List<Term.Name> parameters,
      Term body,
      List<Term.Call> facts,
      Span span,
      Trivia trivia)
      implements Statement {
    public Function {
      parameters = List.copyOf(parameters);
      facts = List.copyOf(facts);
    }
  }

  /** {@code empty QK = -inf}. */
  record Empties(List<Definition> definitions, Span span, Trivia trivia) implements Statement {
    public Empties {
      definitions = List.copyOf(definitions);
    }
  }

  /** {@code name = value}. */
  record Definition(Term.Name name, Term value) {}

  /** {@code outputs AV}. */
  record Outputs(List<Term.Name> tensors, Span span, Trivia trivia) implements Statement {
    public Outputs {
      tensors = List.copyOf(tensors);
    }
  }

  /**
   * {@code LM[m1,p] = BQK[m1,m0,p] :: max(m0) | m1*M0+m0 < N[p]}.
   *
   * @param left an access, or a name for a tensor without ranks
   * @param right what is computed
   * @param actions what follows {@code ::}, in order
   * @param condition what follows {@code |}
   */
  record Assignment(
      Term left,
      Term right,
      List<Term.Call> actions,
      Optional<Term> condition,
      Span span,
      Trivia trivia)
      implements Statement {
    public Assignment {
      actions = List.copyOf(actions);
    }

    /** The tensor that is produced. */
    public Term.Name tensor() {
      return left instanceof Term.Access access ? access.tensor() : (Term.Name) left;
    }

    /** Its indices; none for a tensor without ranks. */
    public List<Term> indices() {
      return left instanceof Term.Access access ? access.indices() : List.of();
    }
  }
}
