package dev.weir.mapper.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A node at its place: equal subtrees at different places are different sites, and a site knows
 * what is around it. Sites are compared by identity.
 */
public final class Site {

  private final Node node;
  private final NodePath path;
  private final Optional<Site> parent;
  private final List<Site> children;

  private Site(Node node, NodePath path, Optional<Site> parent) {
    this.node = node;
    this.path = path;
    this.parent = parent;
    List<Node> parts = node.children();
    List<Site> sites = new ArrayList<>();
    for (int child = 0; child < parts.size(); child++) {
      sites.add(new Site(parts.get(child), path.child(child), Optional.of(this)));
    }
    this.children = List.copyOf(sites);
  }

  /** The root of a tree, with all sites below it. */
  public static Site root(Node root) {
    return new Site(root, NodePath.ROOT, Optional.empty());
  }

  public Node node() {
    return node;
  }

  public NodePath path() {
    return path;
  }

  public Optional<Site> parent() {
    return parent;
  }

  public List<Site> children() {
    return children;
  }

  /** The only child of a node with a body. */
  public Site body() {
    return children.getFirst();
  }

  /** This site and all below it, in the order of the text. */
  public List<Site> all() {
    List<Site> found = new ArrayList<>();
    visit(found::add);
    return found;
  }

  private void visit(Consumer<Site> visitor) {
    visitor.accept(this);
    children.forEach(child -> child.visit(visitor));
  }

  /** What is around this site, the nearest first. */
  public Stream<Site> ancestors() {
    return Stream.iterate(parent, Optional::isPresent, site -> site.get().parent)
        .map(Optional::get);
  }

  /** Whether the other site is this one or below it. */
  public boolean contains(Site other) {
    Site site = other;
    while (site != this && site.parent.isPresent()) {
      site = site.parent.get();
    }
    return site == this;
  }

  /** Sites strictly between this one and one below it, the outermost first. */
  public List<Site> between(Site below) {
    List<Site> found = new ArrayList<>();
    Optional<Site> site = below.parent;
    while (site.isPresent() && site.get() != this) {
      found.add(site.get());
      site = site.get().parent;
    }
    return found.reversed();
  }

  /** The innermost site that contains both. */
  public Site commonWith(Site other) {
    return Stream.concat(Stream.of(this), ancestors())
        .filter(site -> site.contains(other))
        .findFirst()
        .orElseThrow();
  }

  /** Whether this site stands before the other in the text. */
  public boolean precedes(Site other) {
    List<Integer> mine = path.steps();
    List<Integer> theirs = other.path.steps();
    for (int i = 0; i < Math.min(mine.size(), theirs.size()); i++) {
      int order = Integer.compare(mine.get(i), theirs.get(i));
      if (order != 0) {
        return order < 0;
      }
    }
    return mine.size() < theirs.size();
  }

  @Override
  public String toString() {
    return SchedulePrinter.head(node);
  }
}
