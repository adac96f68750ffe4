/**
 * The frontier at full size, compared with two stores used as frontiers; run by {@code
 * bench/frontier}.
 *
 * <p>{@link io.sluice.bench.frontier.FrontierBenchmark} starts three processes for each {@linkplain
 * io.sluice.bench.frontier.Contender contender}, one after another on one directory: the first
 * fills the contender, measures offers and leases, and closes it; the second reopens it, continues
 * and is killed in the middle; the third recovers. All processes draw their offers from the same
 * {@link io.sluice.bench.frontier.Workload} and print their {@linkplain
 * io.sluice.bench.frontier.Measurement measurements}; the {@link io.sluice.bench.frontier.Report}
 * shows these in tables and compares the frontier with its targets.
 */
@NullMarked
package io.sluice.bench.frontier;

import org.jspecify.annotations.NullMarked;
