/**
 * Finds leaks while they are small. Every quarter of a minute the {@code Sentinel} takes a {@code
 * Reading}: how much there is of each kind (descriptors, threads, processes, direct memory), and by
 * the ledger how much of it has stayed for half an hour. Each goes into a {@code Series} that keeps
 * the floor of each minute of a day. Once a minute the {@code Trend} looks at them through windows
 * of ten minutes to a day and judges by a {@code TheilSen} line; an {@code Alarm} turns its
 * verdicts into one warning, which it raises and finally clears.
 *
 * <p>docs/decisions/0006-how-the-sentinel-judges.md explains how it judges, and how that was
 * tested.
 */
@NullMarked
package io.sluice.core.sentinel;

import org.jspecify.annotations.NullMarked;
