package io.sluice.parser.rules;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The values that the operator's rules found on a page. Immutable.
 *
 * @param fields the fields of all rules that match the page, by name, in the order of the
 *     configuration
 * @param cut whether something was left out: the page was too large for its tree, a value was too
 *     long, or there were too many values
 */
public record Extracted(SequencedMap<String, Field> fields, boolean cut) {

  public Extracted {
    fields = java.util.Collections.unmodifiableSequencedMap(new LinkedHashMap<>(fields));
  }

  /**
   * A field.
   *
   * @param values texts, {@code BigDecimal}s and {@code Boolean}s; empty if nothing was found
   * @param list whether it is a list in the output, even with a single value
   * @param rule the name of the rule that found the values; null if none did
   */
  public record Field(List<Object> values, boolean list, @Nullable String rule) {
    public Field {
      values = List.copyOf(values);
    }
  }

  /** The name of the rule behind each field that was found. */
  public Map<String, String> rules() {
    Map<String, String> rules = new LinkedHashMap<>();
    fields.forEach(
        (name, field) -> {
          if (field.rule() != null) {
            rules.put(name, field.rule());
          }
        });
    return rules;
  }
}
