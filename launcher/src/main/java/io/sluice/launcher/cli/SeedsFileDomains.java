package io.sluice.launcher.cli;

import io.sluice.core.config.Seed;
import io.sluice.core.config.SeedsFile;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.core.url.Domains;
import io.sluice.core.url.Url;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The registered domains that the seeds of {@code crawl.seeds-file} bring into scope. Stateless.
 */
final class SeedsFileDomains {

  private SeedsFileDomains() {}

  /**
   * Whether a seed in the file has the URL's registered domain, and {@code scope} names no other.
   */
  static boolean admit(Url url, SluiceConfig config) throws IOException {
    Path file = config.crawl().seedsFile();
    if (file == null || !config.scope().domains().isEmpty()) {
      return false;
    }
    String domain = Domains.registeredDomain(url.host());
    try (SeedsFile lines = SeedsFile.open(file, new ResourceLedger())) {
      for (SeedsFile.Line line = lines.next(); line != null; line = lines.next()) {
        if (line instanceof SeedsFile.Line.Valid(Seed seed, int _)
            && Domains.registeredDomain(seed.url().host()).equals(domain)) {
          return true;
        }
      }
    }
    return false;
  }
}
