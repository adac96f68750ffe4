package io.sluice.core.stream;

import io.sluice.core.lease.CrawlIdentity;
import java.nio.file.Path;

/**
 * A crawl that wants to own a partition, as others will see it. Immutable.
 *
 * @param identity the crawl's identity
 * @param dir the crawl's directory
 * @param host the host that it runs on
 * @param removal the command that removes what a crawl keeps in this Redis
 */
public record Claimant(CrawlIdentity identity, Path dir, String host, String removal) {

  /** See {@link PartitionOwner#shown}. */
  String shown() {
    return "%s (identity %s)".formatted(dir, identity.shown());
  }
}
