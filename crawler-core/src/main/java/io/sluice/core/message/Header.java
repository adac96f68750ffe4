package io.sluice.core.message;

import java.util.List;

/**
 * One HTTP header field as received (RFC 9110, 5). Immutable.
 *
 * @param name the field name, in the sender's spelling
 * @param value the field value, decoded as ISO 8859-1
 */
public record Header(String name, String value) {

  /** The values of all fields with the given name, compared without regard to case, in order. */
  public static List<String> values(List<Header> fields, String name) {
    return fields.stream()
        .filter(field -> field.name().equalsIgnoreCase(name))
        .map(Header::value)
        .toList();
  }
}
