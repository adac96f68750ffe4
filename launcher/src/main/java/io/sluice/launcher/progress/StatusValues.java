package io.sluice.launcher.progress;

import io.sluice.core.metrics.Status;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Reads values from a {@link Status} that another process served, with a default for those that are
 * missing or of the wrong type. Stateless.
 */
public final class StatusValues {

  private StatusValues() {}

  /** Returns a whole number; {@code otherwise} if the value is missing or of another type. */
  public static long number(Status status, String name, long otherwise) {
    return status.values().get(name) instanceof Status.Count(long count) ? count : otherwise;
  }

  /** Returns a text; empty if there is none. */
  public static String text(Status status, String name) {
    return status.values().get(name) instanceof Status.Text(String text) ? text : "";
  }

  /** Returns a section; an empty one if the section is missing. */
  public static Status part(Status status, String name) {
    return status.values().get(name) instanceof Status.Part(Status part)
        ? part
        : Status.of().build();
  }

  /** Returns the texts in a list, in their order. */
  static List<String> texts(Status status, String name) {
    return status.values().get(name) instanceof Status.Texts(List<String> texts)
        ? texts
        : List.of();
  }

  /** Returns the whole numbers of a section, in their order. */
  static SequencedMap<String, Long> numbers(Status status, String name) {
    SequencedMap<String, Long> numbers = new LinkedHashMap<>();
    part(status, name)
        .values()
        .forEach(
            (word, value) -> {
              if (value instanceof Status.Count(long count)) {
                numbers.put(word, count);
              }
            });
    return numbers;
  }
}
