package io.sluice.core.message;

/** What a fetcher publishes in its partition's stream of pages. */
public sealed interface Published permits Page, RecordOnly {

  /** The URL requested, normalized. */
  String url();

  /** The content as received. */
  Body body();
}
