package io.sluice.parser.extract;

import org.jspecify.annotations.Nullable;

/**
 * A link of a page. Immutable.
 *
 * @param url the absolute URL, normalized, without fragment
 * @param kind what named it
 * @param rel the rel attribute, lower case; null where there is none
 * @param followable whether it is offered to the frontier
 */
public record Link(String url, LinkKind kind, @Nullable String rel, boolean followable) {}
