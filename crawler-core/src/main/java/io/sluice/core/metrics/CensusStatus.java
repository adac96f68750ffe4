package io.sluice.core.metrics;

import io.sluice.core.resource.Census;
import io.sluice.core.resource.DescriptorCensus;
import io.sluice.core.resource.ResourceKind;
import java.time.Duration;
import java.util.OptionalInt;

/** The section about descriptors in {@code /status}. Stateless. */
public final class CensusStatus {

  private CensusStatus() {}

  /**
   * The section, made from a count no older than {@code maxAge}; it lists only the first strays and
   * phantoms.
   */
  public static Status of(DescriptorCensus census, Duration maxAge) {
    Census now = census.recent(maxAge);
    Status.Builder status = Status.of();
    put(status, "open", now.total());
    put(status, "limit", now.limit());
    put(status, "atStart", census.atStart().total());
    if (!now.attributed()) {
      return status.put("kinds", "unavailable: this system has no /proc").build();
    }
    Status.Builder kinds = Status.of();
    for (ResourceKind kind : ResourceKind.values()) {
      if (now.byKind().containsKey(kind) || kind == ResourceKind.UNATTRIBUTED) {
        kinds.put(kind.word(), now.count(kind));
      }
    }
    return status
        .put("kinds", kinds.build())
        .put("strays", now.strays())
        .put("phantom", now.phantomCount())
        .put("phantoms", now.phantoms())
        .build();
  }

  private static void put(Status.Builder status, String name, OptionalInt count) {
    if (count.isPresent()) {
      status.put(name, count.getAsInt());
    } else {
      status.put(name, "unknown");
    }
  }
}
