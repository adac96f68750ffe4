package io.sluice.parser.rules;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the first number in a text as people write it: {@code $1,299.00}, {@code 1.299,00 EUR},
 * {@code 1 299}, {@code 12,5 %}. If both dots and commas occur, the last of them is the decimal
 * point. A lone comma before exactly three digits separates thousands, and a lone dot is a decimal
 * point. Stateless.
 */
final class NumberValue {

  /** Maximum number of digits; longer numbers are not amounts. */
  private static final int MAX_DIGITS = 40;

  private static final Pattern FIRST =
      Pattern.compile("((?<![\\p{L}\\p{N}])[-+\u2212])?(\\d++(?:[.,'\u2019 \u00A0\u202F]\\d++)*+)");

  private static final Pattern GROUPED = Pattern.compile("\\d{1,3}(?:,\\d{3})++");

  /** Groups separated by dots: at least two dots, since a lone dot is a decimal point. */
  private static final Pattern GROUPED_BY_DOTS = Pattern.compile("\\d{1,3}(?:\\.\\d{3}){2,}+");

  private NumberValue() {}

  /** The first number; null if there is none or it is too long. */
  static @Nullable BigDecimal read(String text) {
    Matcher first = FIRST.matcher(text);
    if (!first.find()) {
      return null;
    }
    String digits = ungroupedBySpaces(first.group(2));
    String plain = plain(digits);
    if (plain.length() > MAX_DIGITS || plain.indexOf('.') != plain.lastIndexOf('.')) {
      return null;
    }
    BigDecimal number = new BigDecimal(plain);
    String sign = first.group(1);
    return sign == null || sign.equals("+") ? number : number.negate();
  }

  /** A JSON number or a computed one; null if it is not finite or too long. */
  static @Nullable BigDecimal literal(String text) {
    if (text.length() > MAX_DIGITS) {
      return null;
    }
    try {
      BigDecimal number = new BigDecimal(text);
      return Math.abs((long) number.scale()) > MAX_DIGITS ? null : number;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** Removes spaces and apostrophes that group digits by three; the number ends at any other. */
  private static String ungroupedBySpaces(String digits) {
    StringBuilder out = new StringBuilder();
    for (String part : digits.split("(?=['\u2019 \u00A0\u202F])", -1)) {
      boolean groups = part.matches("['\u2019 \u00A0\u202F]\\d{3}(?:[.,].*)?");
      if (out.isEmpty()) {
        out.append(part);
      } else if (out.length() > 2 * MAX_DIGITS) {
        break; // too long even if every other character is a separator
      } else if (groups && out.indexOf(".") < 0 && out.indexOf(",") < 0) {
        out.append(part, 1, part.length());
      } else {
        break;
      }
    }
    return out.toString();
  }

  /** The digits with a dot as decimal point and without group separators. */
  private static String plain(String digits) {
    int dot = digits.lastIndexOf('.');
    int comma = digits.lastIndexOf(',');
    if (dot < 0 && comma < 0) {
      return digits;
    }
    if (dot >= 0 && comma >= 0) {
      return dot > comma ? digits.replace(",", "") : digits.replace(".", "").replace(',', '.');
    }
    if (dot >= 0) {
      return GROUPED_BY_DOTS.matcher(digits).matches() ? digits.replace(".", "") : digits;
    }
    return GROUPED.matcher(digits).matches() ? digits.replace(",", "") : digits.replace(',', '.');
  }
}
