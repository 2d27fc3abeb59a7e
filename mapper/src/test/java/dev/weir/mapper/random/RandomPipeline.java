package dev.weir.mapper.random;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.schedule.CascadeFacts;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Size;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A random pipeline: one or several Einsums a stage, in order or not, on one unit or side by side.
 * Stages are as late as dependences ask, or later; there are as many copies as hand-over asks, or
 * more.
 */
final class RandomPipeline {

  /** Neighbouring Einsums that share a stage, with where they stand in the body. */
  private record Group(List<Placed> einsums, int branch, int position) {

    boolean precedes(Group other) {
      return branch == other.branch && position < other.position;
    }

    boolean needs(Group other) {
      return einsums.stream().anyMatch(e -> other.einsums.stream().anyMatch(e::needs));
    }

    boolean uses(TensorName tensor) {
      return einsums.stream().anyMatch(e -> e.uses(tensor));
    }
  }

  private enum Form {
    SEQ,
    PAR,
    INTERLEAVE
  }

  private final Random random;
  private final CascadeFacts facts;
  private final RandomSchedule schedule;
  private final LevelName level;

  RandomPipeline(Random random, CascadeFacts facts, RandomSchedule schedule, LevelName level) {
    this.random = random;
    this.facts = facts;
    this.schedule = schedule;
    this.level = level;
  }

  Node of(List<Placed> einsums, Around around, RankName rank) {
    List<List<Placed>> parts = parts(einsums);
    List<ComputeUnit> units = einsums.stream().map(schedule::unit).distinct().toList();
    Form form = form(parts, units);
    List<Group> groups = groups(parts, units, form);
    Map<Group, Integer> stages = stages(groups);
    long tile = 1L + random.nextInt(around.extents().get(rank).intValue());
    Around inside = around.narrowed(rank, tile).pipelining();
    Map<TensorName, Long> heads = heads(einsums, groups, stages, inside);
    inside = inside.homing(heads.keySet());
    List<Node> nodes = new ArrayList<>();
    for (Group group : groups) {
      nodes.add(new Node.Stage(stages.get(group), schedule.block(group.einsums(), inside)));
    }
    Node body = arranged(form, groups, nodes, units);
    for (Map.Entry<TensorName, Long> head : heads.entrySet()) {
      boolean more = random.nextInt(4) == 0;
      Size copies = Size.of(head.getValue() + (more ? 1 : 0));
      body = new Node.Keep(List.of(head.getKey()), level, copies, false, body);
    }
    return new Node.Pipeline(rank, Size.of(tile), body);
  }

  /** Mostly one Einsum each. */
  private List<List<Placed>> parts(List<Placed> einsums) {
    List<List<Placed>> parts = new ArrayList<>();
    for (Placed einsum : einsums) {
      if (!parts.isEmpty() && random.nextInt(6) == 0) {
        parts.getLast().add(einsum);
      } else {
        parts.add(new ArrayList<>(List.of(einsum)));
      }
    }
    return parts;
  }

  private Form form(List<List<Placed>> parts, List<ComputeUnit> units) {
    if (units.size() == 1) {
      return parts.size() > 1 && random.nextInt(4) == 0 ? Form.INTERLEAVE : Form.SEQ;
    }
    boolean oneUnitEach =
        parts.stream().allMatch(part -> part.stream().map(schedule::unit).distinct().count() == 1);
    return oneUnitEach && random.nextInt(3) > 0 ? Form.PAR : Form.SEQ;
  }

  private List<Group> groups(List<List<Placed>> parts, List<ComputeUnit> units, Form form) {
    List<Integer> positions = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      positions.add(i);
    }
    if (random.nextInt(3) == 0) {
      Collections.shuffle(positions, random);
    }
    List<Group> groups = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      List<Placed> part = parts.get(i);
      int branch = form == Form.PAR ? units.indexOf(schedule.unit(part.getFirst())) : 0;
      groups.add(new Group(part, branch, positions.get(i)));
    }
    return groups;
  }

  /** At least one epoch after a producer that does not come before in the same branch. */
  private Map<Group, Integer> stages(List<Group> groups) {
    Map<Group, Integer> stages = new LinkedHashMap<>();
    for (Group group : groups) {
      int earliest = 0;
      for (Map.Entry<Group, Integer> other : stages.entrySet()) {
        if (group.needs(other.getKey())) {
          int distance = other.getKey().precedes(group) ? 0 : 1;
          earliest = Math.max(earliest, other.getValue() + distance);
        }
      }
      stages.put(group, earliest + (random.nextBoolean() ? 0 : random.nextInt(3)));
    }
    return stages;
  }

  /** Copies of what stages hand over, and sometimes of what several of them read. */
  private Map<TensorName, Long> heads(
      List<Placed> einsums, List<Group> groups, Map<Group, Integer> stages, Around inside) {
    Set<TensorName> tensors = new LinkedHashSet<>();
    einsums.forEach(einsum -> tensors.addAll(einsum.tensors()));
    tensors.removeIf(tensor -> facts.generations(tensor).isPresent());
    Map<TensorName, Long> heads = new LinkedHashMap<>();
    for (TensorName tensor : tensors) {
      List<Group> users = groups.stream().filter(group -> group.uses(tensor)).toList();
      boolean hasHome = facts.livesAtTop(tensor) || inside.homed().contains(tensor);
      boolean isHandedOver = !hasHome && schedule.allUsersIn(tensor, einsums);
      boolean needed = isHandedOver && (users.size() > 1 || random.nextBoolean());
      if (needed || (hasHome && random.nextInt(8) == 0)) {
        heads.put(tensor, copies(tensor, users, stages));
      }
    }
    return heads;
  }

  private static long copies(TensorName tensor, List<Group> users, Map<Group, Integer> stages) {
    Group first =
        users.stream()
            .filter(g -> g.einsums().stream().anyMatch(e -> e.output().equals(tensor)))
            .findFirst()
            .orElse(null);
    long least = users.stream().mapToInt(stages::get).min().orElse(0);
    long copies = 1;
    for (Group user : users) {
      long distance = stages.get(user) - (first == null ? least : stages.get(first));
      boolean consumerFirst = first != null && user.precedes(first);
      copies = Math.max(copies, distance + (consumerFirst ? 0 : 1));
    }
    return copies;
  }

  private static Node arranged(
      Form form, List<Group> groups, List<Node> nodes, List<ComputeUnit> units) {
    List<List<Node>> branches = new ArrayList<>();
    for (int branch = 0; branch < (form == Form.PAR ? units.size() : 1); branch++) {
      int own = branch;
      branches.add(
          groups.stream()
              .filter(group -> group.branch() == own)
              .sorted((a, b) -> Integer.compare(a.position(), b.position()))
              .map(group -> nodes.get(groups.indexOf(group)))
              .toList());
    }
    return switch (form) {
      case SEQ -> seq(branches.getFirst());
      case PAR -> new Node.Par(branches.stream().map(RandomPipeline::seq).toList());
      case INTERLEAVE -> new Node.Interleave(units.getFirst().name(), branches.getFirst());
    };
  }

  private static Node seq(List<Node> nodes) {
    return nodes.size() == 1 ? nodes.getFirst() : new Node.Seq(nodes);
  }
}
