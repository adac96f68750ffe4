package io.sluice.core.config;

/**
 * Where metrics, health and status are served. Immutable.
 *
 * @param bind the address to listen on
 * @param port the fetcher's port; under {@code sluice run} parser n takes the n-th after it; 0 for
 *     any
 */
public record AdminSettings(String bind, int port) {}
