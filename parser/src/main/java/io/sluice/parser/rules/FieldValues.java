package io.sluice.parser.rules;

import io.sluice.core.config.ExtractField;
import io.sluice.core.url.Url;
import java.math.BigDecimal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Converts raw values to the type of their field. Stateless. */
final class FieldValues {

  private FieldValues() {}

  /**
   * The value as text, {@code BigDecimal} or {@code Boolean}; null if the raw value is not of that
   * type.
   */
  static @Nullable Object read(Selector.Raw raw, ExtractField.Type type, RuledPage page) {
    return switch (type) {
      case TEXT, HTML -> raw.text();
      case NUMBER -> number(raw);
      case INTEGER -> integer(number(raw));
      case BOOLEAN -> truth(raw.text());
      case URL -> {
        Url url = page.resolve(raw.text());
        yield url == null ? null : url.href();
      }
      case DATE -> DateValue.read(raw.text());
    };
  }

  private static @Nullable BigDecimal number(Selector.Raw raw) {
    return raw.literal() ? NumberValue.literal(raw.text()) : NumberValue.read(raw.text());
  }

  private static @Nullable BigDecimal integer(@Nullable BigDecimal number) {
    if (number == null) {
      return null;
    }
    BigDecimal plain = number.stripTrailingZeros();
    return plain.scale() > 0 ? null : plain.setScale(0);
  }

  private static @Nullable Boolean truth(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "true", "yes", "1", "on" -> true;
      case "false", "no", "0", "off" -> false;
      default -> null;
    };
  }
}
