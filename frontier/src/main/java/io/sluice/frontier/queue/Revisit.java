package io.sluice.frontier.queue;

import io.sluice.core.lease.PageVersion;
import io.sluice.core.lease.Validators;
import io.sluice.frontier.journal.Decoder;
import io.sluice.frontier.journal.Encoder;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a page that is visited again. Immutable.
 *
 * @param intervalSeconds from its last visit to the next
 * @param version as it was when it was last sent; null where nothing can be asked or compared
 */
public record Revisit(long intervalSeconds, @Nullable PageVersion version) {

  /** What the next visit asks by. */
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
