/**
 * Where a worker's output files live until they are complete. A worker owns a {@link
 * io.sluice.parser.slot.Slot}, a locked directory {@code output/slots/p0-<n>}. Its {@link
 * io.sluice.parser.slot.SlotOutput} writes {@code .part} files there; Redis records with each
 * commit up to where they hold. A complete file is sealed: recorded so, renamed into {@code
 * output/pages} or {@code output/warc}, both directories synced. What a dead worker left is cut to
 * what Redis records and sealed by {@link io.sluice.parser.slot.SlotRecovery}.
 */
@NullMarked
package io.sluice.parser.slot;

import org.jspecify.annotations.NullMarked;
