/**
 * Where a worker's output files live until they are complete. A worker owns a {@link
 * io.sluice.parser.slot.Slot}, a locked directory {@code output/slots/<node>-<n>}. Its {@link
 * io.sluice.parser.slot.SlotOutput} writes {@code .part} files there; each commit records their
 * committed lengths in Redis. A complete file is sealed: recorded as such, renamed into {@code
 * output/pages} or {@code output/warc}, and both directories synced. {@link
 * io.sluice.parser.slot.SlotRecovery} cuts a dead worker's files to the lengths that Redis records
 * and seals them.
 */
@NullMarked
package io.sluice.parser.slot;

import org.jspecify.annotations.NullMarked;
