/**
 * The destination of log lines. Until a process knows its crawl directory it logs nothing ({@link
 * io.sluice.launcher.logging.QuietStart}); from then on {@link io.sluice.launcher.logging.Logging}
 * writes a bounded, rolling file and optionally the console. Every line passes through {@link
 * io.sluice.launcher.logging.LineLayout}, so that no page can forge a line.
 */
@NullMarked
package io.sluice.launcher.logging;

import org.jspecify.annotations.NullMarked;
