/**
 * Shows a running crawl to its user. Each second the supervisor reads the fetcher's {@code /status}
 * ({@link io.sluice.launcher.progress.StatusClient}) into a {@link
 * io.sluice.launcher.progress.CrawlStatus}; {@link io.sluice.launcher.progress.Progress} keeps
 * rates and peaks and shows them on a {@link io.sluice.launcher.progress.Screen}: one live line on
 * a terminal, a plain line every ten seconds elsewhere. {@link io.sluice.launcher.progress.Summary}
 * is shown at the end of the run.
 */
@NullMarked
package io.sluice.launcher.progress;

import org.jspecify.annotations.NullMarked;
