package io.sluice.frontier;

import org.jspecify.annotations.Nullable;

/**
 * A seed that gave no page. Immutable.
 *
 * @param seed the seed's URL
 * @param reason why, in the words of the crawl log
 * @param target the URL that it redirects to, if the crawl refuses that; else null
 */
public record FailedSeed(String seed, String reason, @Nullable String target) {}
