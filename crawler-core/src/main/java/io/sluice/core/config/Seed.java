package io.sluice.core.config;

import io.sluice.core.lease.Labels;
import io.sluice.core.url.Url;

/**
 * A URL that the crawl starts from. Immutable.
 *
 * @param labels its priority and tag
 */
public record Seed(Url url, Labels labels) {}
