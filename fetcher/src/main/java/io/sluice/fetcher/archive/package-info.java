/**
 * Archives the exchanges that do not end as pages. A visit reports each request that ended, for
 * robots.txt or for the page, to its {@link io.sluice.fetcher.archive.VisitArchive}. The archive
 * publishes those to be kept as record-only entries, and reports when Redis has them; the visit's
 * lease does not end earlier.
 */
@NullMarked
package io.sluice.fetcher.archive;

import org.jspecify.annotations.NullMarked;
