package io.sluice.frontier.queue;

import io.sluice.core.lease.PageVersion;
import io.sluice.core.lease.Validators;
import io.sluice.frontier.journal.Decoder;
import io.sluice.frontier.journal.Encoder;
import org.jspecify.annotations.Nullable;

/**
 * What is stored about a page that is to be visited again. Immutable.
 *
 * @param intervalSeconds time from its last visit to the next
 * @param version the version of the page that was last sent; null if no version is known
 */
public record Revisit(long intervalSeconds, @Nullable PageVersion version) {

  /** The validators of the next visit's conditional request. */
  public Validators validators() {
    return version == null ? Validators.NONE : version.validators();
  }

  /** Writes it. */
  public void encode(Encoder to) {
    to.putVarint(intervalSeconds);
    if (version == null) {
      to.putByte(0);
      return;
    }
    to.putByte(1).putLong(version.digest());
    to.putString(version.validators().etag()).putString(version.validators().lastModified());
  }

  /** Reads what {@link #encode} wrote. */
  public static Revisit decode(Decoder from) {
    long intervalSeconds = from.takeVarint();
    if (from.takeByte() == 0) {
      return new Revisit(intervalSeconds, null);
    }
    long digest = from.takeLong();
    Validators validators = Validators.of(from.takeNullableString(), from.takeNullableString());
    return new Revisit(intervalSeconds, new PageVersion(validators, digest));
  }
}
