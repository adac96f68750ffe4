package io.sluice.core.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The state of loading one configuration: its keys, and the problems found so far. Confined to the
 * thread that loads.
 */
final class Reading {

  private static final int MAX_PROBLEMS = 200;

  private final String file;
  private final Map<String, String> environment;
  private final ExpressionCheck expressions;
  private final List<Key> keys = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();

  Reading(String file, Map<String, String> environment) {
    this(file, environment, ExpressionCheck.NONE);
  }

  Reading(String file, Map<String, String> environment, ExpressionCheck expressions) {
    this.file = file;
    this.environment = environment;
    this.expressions = expressions;
  }

  String file() {
    return file;
  }

  Map<String, String> environment() {
    return environment;
  }

  ExpressionCheck expressions() {
    return expressions;
  }

  /** Declares a key. */
  void declare(Key key) {
    keys.add(key);
    names.add(key.path());
  }

  /** Declares a section. */
  void declareSection(String path) {
    names.add(path);
  }

  void report(Problem problem) {
    problems.add(problem);
  }

  /** Whether there is a problem with the given key or one below it. */
  boolean isFaulty(String path) {
    return problems.stream()
        .map(Problem::key)
        .anyMatch(key -> key.equals(path) || key.startsWith(path + "."));
  }

  /** All keys, in the order of their declaration. */
  List<Key> keys() {
    return List.copyOf(keys);
  }

  /** The full names of all keys and sections. */
  List<String> names() {
    return names;
  }

  /** The problems: those of the file by line, then those of the environment; at most 200. */
  List<Problem> problems() {
    List<Problem> sorted = new ArrayList<>(problems);
    sorted.sort(
        Comparator.comparing((Problem problem) -> !problem.source().equals(file))
            .thenComparingInt(Problem::line)
            .thenComparing(Problem::key));
    if (sorted.size() <= MAX_PROBLEMS) {
      return sorted;
    }
    List<Problem> shown = new ArrayList<>(sorted.subList(0, MAX_PROBLEMS));
    shown.add(Problem.ofFile(file, (sorted.size() - MAX_PROBLEMS) + " further problems"));
    return shown;
  }
}
