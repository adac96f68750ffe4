package io.sluice.core.message;

/**
 * An exchange that is archived but not parsed: a redirect, a robots.txt file, a response that is
 * tried again or is not whole, a 304. It holds no lease and has no outcome (docs/handover.md,
 * "Record-only entries"). Immutable.
 *
 * @param id identifies the entry, as a lease identifies a page
 * @param capture request and response as sent, to be archived
 */
public record RecordOnly(RecordId id, Capture capture) implements Published {

  @Override
  public String url() {
    return capture.url();
  }

  @Override
  public Body body() {
    return capture.body();
  }
}
