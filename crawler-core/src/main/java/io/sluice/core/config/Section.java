package io.sluice.core.config;

import io.sluice.core.config.Format.Read;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.NodeType;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A mapping in the file, read key by key. Reading a key declares it, so a key in the file that was
 * never read is unknown. A key with a problem is reported and read as its default, so that one pass
 * finds every problem. Confined to the thread that loads.
 */
final class Section {

  private final Reading reading;
  private final String path;
  private final int line;

  /** Whether it is an item of a list, whose keys are not settings with names of their own. */
  private final boolean item;

  private final Map<String, NodeTuple> entries = new LinkedHashMap<>();
  private final List<String> declared = new ArrayList<>();
  private final List<Section> sections = new ArrayList<>();

  private Section(Reading reading, String path, @Nullable Node node, boolean item) {
    this.reading = reading;
    this.path = path;
    this.item = item;
    this.line = node == null ? 0 : line(node);
    if (node instanceof MappingNode mapping) {
      mapping.getValue().forEach(this::enter);
    } else if (node != null && !isBlank(node)) {
      report(line, path, null, "must be a mapping of keys to values");
    }
  }

  /** The whole file; an absent node reads as an empty file. */
  static Section root(Reading reading, @Nullable MappingNode node) {
    return new Section(reading, "", node, false);
  }

  /** The section with the given name; empty if it is absent. */
  Section section(String name) {
    declared.add(name);
    reading.declareSection(path(name));
    return add(new Section(reading, path(name), node(name), false));
  }

  private Section add(Section section) {
    sections.add(section);
    return section;
  }

  /** The key's value, or that of {@code fallback}, which is in the file's notation. */
  <T> T value(String name, Format<T> format, String fallback) {
    declare(name, fallback, format.allowed(), false);
    T given = scalar(name, format, "remove it to use " + fallback);
    return given == null ? valid(format, fallback) : given;
  }

  /** The key's value; null if it is absent. */
  <T> @Nullable T optional(String name, Format<T> format) {
    declare(name, "", format.allowed(), false);
    return scalar(name, format, null);
  }

  /** The key's value; if it is absent, that is reported, and {@code standIn} is returned. */
  <T> T required(String name, Format<T> format, T standIn) {
    declare(name, "", format.allowed(), false);
    T given = scalar(name, format, null);
    if (given != null) {
      return given;
    }
    if (!isGiven(name)) {
      report(line, path(name), null, "is required: " + format.allowed());
    }
    return standIn;
  }

  /** The values of a list, or those of {@code fallback} if the key is absent. */
  <T> List<T> list(String name, Format<T> format, String... fallback) {
    return list(name, item -> fromFile(name, item, format, null), format, fallback);
  }

  /**
   * The values of a list, empty if the key is absent; an item that is a mapping is read by {@code
   * mapped}, which reports what is wrong with it and then returns null.
   */
  <T> List<T> items(String name, Format<T> format, Function<Section, @Nullable T> mapped) {
    return list(
        name,
        node ->
            node instanceof MappingNode
                ? mapped.apply(add(new Section(reading, path(name), node, true)))
                : fromFile(name, node, format, null),
        format);
  }

  private <T> List<T> list(
      String name, Function<Node, @Nullable T> reader, Format<T> format, String... fallback) {
    String written = "[" + String.join(", ", fallback) + "]";
    List<Node> items = items(name, written, format.allowed(), false);
    if (items == null) {
      return Stream.of(fallback).map(text -> valid(format, text)).toList();
    }
    List<T> values = new ArrayList<>();
    for (Node item : items) {
      T value = reader.apply(item);
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  /**
   * The mappings of a list, each as a section; none if the key is absent.
   *
   * @param each what a mapping contains, in words
   */
  List<Section> entries(String name, String each) {
    List<Section> found = new ArrayList<>();
    List<Node> items = items(name, "[]", each, true);
    for (int i = 0; items != null && i < items.size(); i++) {
      found.add(new Section(reading, path(name) + "[" + i + "]", items.get(i), true));
    }
    sections.addAll(found);
    return found;
  }

  /**
   * The mappings of a mapping whose keys are names of the user's own, each as a section, in the
   * file's order; none if the key is absent.
   *
   * @param each what a mapping contains, in words
   */
  Map<String, Section> named(String name, String each) {
    declare(name, "", "a mapping of names to " + each, false);
    Map<String, Section> found = new LinkedHashMap<>();
    Node node = node(name);
    if (node == null) {
      return found;
    }
    Section names = new Section(reading, path(name), node, true);
    names.entries.forEach(
        (key, entry) ->
            found.put(
                key, new Section(reading, Echo.of(names.path(key)), entry.getValueNode(), true)));
    sections.addAll(found.values());
    return found;
  }

  /** The items of a list; null if the key is absent. */
  private @Nullable List<Node> items(String name, String fallback, String each, boolean mappings) {
    declare(name, fallback, "a list, each " + each, true);
    if (override(name) != null) {
      String reason = "is a list, which can be set in the file only";
      reading.report(new Problem(Key.variable(path(name)), 0, path(name), null, reason, null));
    }
    Node node = node(name);
    if (node == null || node instanceof SequenceNode) {
      return node == null ? null : ((SequenceNode) node).getValue();
    }
    report(
        line(node), path(name), null, "must be a list" + listForm(name, node, fallback, mappings));
    return List.of();
  }

  /** How a scalar is written as a list, and what its absence means. */
  private static String listForm(String name, Node node, String fallback, boolean mappings) {
    boolean plain = !mappings && node instanceof ScalarNode scalar && !scalar.getValue().isBlank();
    String item = plain ? Echo.withoutPassword(((ScalarNode) node).getValue()) : "";
    String quoted = item.matches("[0-9]+") ? item : '"' + item.replace("\"", "\\\"") + '"';
    String form =
        plain
            ? "; write %s: [%s]".formatted(name, quoted)
            : mappings || node instanceof MappingNode
                ? "; write a hyphen before each of its mappings"
                : "";
    return fallback.equals("[]") ? form : form + ", or remove it to use " + fallback;
  }

  /** Whether the file or the environment gives the key, valid or not. */
  boolean isGiven(String name) {
    return entries.containsKey(name) || override(name) != null;
  }

  /** Whether a problem with the key, or with one below it, was reported. */
  boolean isFaulty(String name) {
    return reading.isFaulty(path(name));
  }

  /** Reports a key whose value contradicts others. */
  void refuse(String name, String reason) {
    String override = override(name);
    if (override != null) {
      String source = Key.variable(path(name));
      reading.report(new Problem(source, 0, path(name), Echo.of(override), reason, null));
      return;
    }
    Node node = node(name);
    String shown = node instanceof ScalarNode scalar ? Echo.of(scalar.getValue()) : null;
    report(node == null ? line : line(node), path(name), shown, reason);
  }

  /** Reports a section whose keys contradict each other, or lack a required one. */
  void refuseWhole(String reason) {
    report(line, path, null, reason);
  }

  /** The check of whether expressions compile. */
  ExpressionCheck expressions() {
    return reading.expressions();
  }

  /**
   * Reports the file's keys that were never read, here and below. Call it when everything has been
   * read.
   */
  void reportUnknown() {
    entries.forEach(
        (name, entry) -> {
          if (!declared.contains(name)) {
            reading.report(
                new Problem(
                    reading.file(),
                    line(entry.getKeyNode()),
                    Echo.of(path(name)),
                    null,
                    "there is no such key",
                    nearest(name)));
          }
        });
    sections.forEach(Section::reportUnknown);
  }

  private void enter(NodeTuple entry) {
    if (!(entry.getKeyNode() instanceof ScalarNode key)) {
      report(line(entry.getKeyNode()), path, null, "has a key that is not a plain word");
      return;
    }
    NodeTuple first = entries.putIfAbsent(key.getValue(), entry);
    if (first != null) {
      String reason = "was already given on line " + line(first.getKeyNode());
      report(line(key), Echo.of(path(key.getValue())), null, reason);
    }
  }

  private void declare(String name, String fallback, String allowed, boolean list) {
    declared.add(name);
    if (item) {
      return;
    }
    reading.declare(new Key(path(name), fallback, allowed, list));
  }

  private <T> @Nullable T scalar(String name, Format<T> format, @Nullable String remedy) {
    String override = override(name);
    if (override == null) {
      Node node = node(name);
      return node == null ? null : fromFile(name, node, format, remedy);
    }
    String source = Key.variable(path(name));
    return switch (format.read(override)) {
      case Read.Value<T>(T value) -> value;
      case Read.Refused<T>(String reason) -> {
        String text = reason + "; unset it to use what the file says";
        reading.report(new Problem(source, 0, path(name), format.echo(override), text, null));
        yield null;
      }
    };
  }

  private <T> @Nullable T fromFile(
      String name, Node node, Format<T> format, @Nullable String remedy) {
    String help = remedy == null ? "" : "; " + remedy;
    if (!(node instanceof ScalarNode scalar)) {
      String kind = node.getNodeType() == NodeType.SEQUENCE ? "a list" : "a mapping";
      report(line(node), path(name), null, "is " + kind + ", but must be " + format.allowed());
      return null;
    }
    if (isBlank(node)) {
      report(line(node), path(name), null, "has no value: must be " + format.allowed() + help);
      return null;
    }
    Read<T> read =
        switch (Variables.expand(scalar.getValue(), reading.environment())) {
          case Read.Refused<String>(String reason) -> Format.refused(reason);
          case Read.Value<String>(String text) -> format.read(text);
        };
    return switch (read) {
      case Read.Value<T>(T value) -> value;
      case Read.Refused<T>(String reason) -> {
        report(line(node), path(name), format.echo(scalar.getValue()), reason + help);
        yield null;
      }
    };
  }

  /** The environment's value for a key; null if it is absent or empty. */
  private @Nullable String override(String name) {
    String value = item ? null : reading.environment().get(Key.variable(path(name)));
    return value == null || value.isEmpty() ? null : value;
  }

  /** A misspelled key of this section, else the key or the section with the same name elsewhere. */
  private @Nullable String nearest(String name) {
    String sibling = Nearest.to(name, declared);
    if (sibling != null) {
      return path(sibling);
    }
    return reading.names().stream()
        .filter(known -> known.endsWith("." + name))
        .findFirst()
        .orElseGet(
            () ->
                reading.names().stream().anyMatch(known -> known.startsWith(name + "."))
                    ? name
                    : null);
  }

  private @Nullable Node node(String name) {
    NodeTuple entry = entries.get(name);
    return entry == null ? null : entry.getValueNode();
  }

  private String path(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private void report(int line, String key, @Nullable String value, String reason) {
    reading.report(new Problem(reading.file(), line, key, value, reason, null));
  }

  private static <T> T valid(Format<T> format, String fallback) {
    return switch (format.read(fallback)) {
      case Read.Value<T>(T value) -> value;
      case Read.Refused<T>(String reason) ->
          throw new IllegalStateException("the default " + fallback + " " + reason);
    };
  }

  private static boolean isBlank(Node node) {
    return node instanceof ScalarNode scalar && scalar.isPlain() && scalar.getValue().isEmpty();
  }

  private static int line(Node node) {
    return node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
  }
}
