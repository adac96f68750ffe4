package io.sluice.core.message;

/**
 * One HTTP header field as received (RFC 9110, 5). Immutable.
 *
 * @param name the field name, in the sender's spelling
 * @param value the field value
 */
public record Header(String name, String value) {}
