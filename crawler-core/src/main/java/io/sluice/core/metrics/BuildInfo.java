package io.sluice.core.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

/**
 * The running version: {@code sluice_build_info}, always 1, with the versions as labels. Stateless.
 */
final class BuildInfo {

  private BuildInfo() {}

  static void bind(MeterRegistry registry) {
    Gauge.builder("sluice.build.info", () -> 1)
        .description("Always 1; its labels give the versions of Sluice and Java")
        .tag("version", version())
        .tag("java", Runtime.version().toString())
        .register(registry);
  }

  /** The manifest's version; classes outside a jar, as in tests, have none. */
  private static String version() {
    @Nullable String version = BuildInfo.class.getPackage().getImplementationVersion();
    return version == null ? "unknown" : version;
  }
}
