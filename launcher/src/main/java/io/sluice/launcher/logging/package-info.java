/**
 * Where log lines go. Until a process knows its crawl directory it logs nothing ({@link
 * io.sluice.launcher.logging.QuietStart}); from then on {@link io.sluice.launcher.logging.Logging}
 * writes a bounded, rolling file and, where wanted, the console. Every line passes {@link
 * io.sluice.launcher.logging.LineLayout}, which lets no page forge a line.
 */
@NullMarked
package io.sluice.launcher.logging;

import org.jspecify.annotations.NullMarked;
