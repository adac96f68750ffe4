package io.sluice.core.config;

import io.sluice.core.config.Format.Read;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Substitutes environment variables for <code>${NAME}</code> and <code>${NAME:-default}</code> ;
 * <code>$${</code> stands for <code>${</code> itself. Substituted text is not expanded again.
 * Stateless.
 */
final class Variables {

  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\$\\{|\\$\\{(?:([A-Za-z_][A-Za-z0-9_]*)(?:(:-)([^}]*))?})?");

  private Variables() {}

  /**
   * The text with its variables substituted, or the name of one that is not set. The default of a
   * reference also stands in for an empty variable, as in a shell.
   */
  static Read<String> expand(String text, Map<String, String> environment) {
    if (text.indexOf("${") < 0) {
      return Format.value(text);
    }
    Matcher reference = REFERENCE.matcher(text);
    StringBuilder out = new StringBuilder();
    while (reference.find()) {
      String name = reference.group(1);
      if (reference.group().equals("$${")) {
        reference.appendReplacement(out, Matcher.quoteReplacement("${"));
        continue;
      }
      if (name == null) {
        return Format.refused(
            "has a ${ that is neither ${NAME} nor ${NAME:-default}; write $${ for a literal ${");
      }
      String value = environment.get(name);
      boolean hasDefault = reference.group(2) != null;
      if (hasDefault && (value == null || value.isEmpty())) {
        value = reference.group(3);
      }
      if (value == null) {
        return Format.refused(
            "the environment variable %s is not set; set it or write ${%s:-default}"
                .formatted(name, name));
      }
      reference.appendReplacement(out, Matcher.quoteReplacement(value));
    }
    return Format.value(reference.appendTail(out).toString());
  }
}
