package io.sluice.core.config;

/**
 * Settings for some hosts. Immutable.
 *
 * @param match a host, or {@code *.} and a domain, which means the domain and all hosts below it
 * @param settings all settings of these hosts, defaults included
 */
public record HostRule(String match, HostSettings settings) {}
