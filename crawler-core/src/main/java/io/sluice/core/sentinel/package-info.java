/**
 * A leak told while it is small. Every quarter of a minute the {@code Sentinel} takes a {@code
 * Reading}: how much there is of each kind (descriptors, threads, processes, direct memory), and by
 * the ledger how much of it has stayed for half an hour. Each goes into a {@code Series} that keeps
 * the floor of each minute of a day. Once a minute the {@code Trend} looks at them through windows
 * of ten minutes to a day and judges by a {@code TheilSen} line; an {@code Alarm} makes of its
 * verdicts one warning that is raised, and in the end cleared.
 *
 * <p>How it judges, and what that was tried on, is told in
 * docs/decisions/0006-how-the-sentinel-judges.md.
 */
@NullMarked
package io.sluice.core.sentinel;

import org.jspecify.annotations.NullMarked;
