/**
 * The frontier at full size beside two stores used as frontiers: {@code bench/frontier} runs it.
 *
 * <p>{@link io.sluice.bench.frontier.FrontierBenchmark} starts, for each {@linkplain
 * io.sluice.bench.frontier.Contender contender}, three processes in turn on one directory: one that
 * fills it, measures offers and leases and closes it; one that opens it again, goes on working and
 * is killed in the middle of it; and one that recovers what that left. Each process draws the same
 * offers from a {@link io.sluice.bench.frontier.Workload} and prints what it {@linkplain
 * io.sluice.bench.frontier.Measurement measured}; the {@link io.sluice.bench.frontier.Report} puts
 * it into tables and holds the frontier to its bars.
 */
@NullMarked
package io.sluice.bench.frontier;

import org.jspecify.annotations.NullMarked;
