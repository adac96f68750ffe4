package io.sluice.launcher.process;

/**
 * How a process of the crawl was started. Immutable.
 *
 * @param name the process's name in logs and reports: {@code fetcher}, {@code parser-1}
 * @param supervised whether a supervisor started it, holds its standard input, and shows the
 *     progress
 */
public record ProcessOptions(String name, boolean supervised) {}
