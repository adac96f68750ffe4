/**
 * Committed pages as plain JSON lines: {@code sluice run -o}. {@link
 * io.sluice.launcher.export.PageExport} follows the parsers' output files as far as Redis records
 * commits and copies new lines to an {@link io.sluice.launcher.export.ExportTarget}, inflated;
 * {@link io.sluice.launcher.export.ExportState} records in the crawl directory how far each file
 * was copied.
 */
@NullMarked
package io.sluice.launcher.export;

import org.jspecify.annotations.NullMarked;
