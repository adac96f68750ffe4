package io.sluice.frontier.politeness;

import io.sluice.core.config.HostRules;
import io.sluice.core.config.HostSettings;
import io.sluice.core.config.PolitenessSettings.Pace;
import io.sluice.core.config.SluiceConfig;
import io.sluice.frontier.governor.Governor;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The terms on which the hosts of a shard are visited: the settings of each host, the clocks of
 * domains and the governor of addresses, if the configuration limits these. Confined to its shard's
 * thread.
 */
public final class Terms {

  private final HostRules rules;
  private final @Nullable DomainClocks domains;
  private final @Nullable Governor governor;

  /**
   * @param domainOf 64 bits of the name of a host's registered domain; computed once for each host
   * @param governor null if addresses are not limited
   */
  public Terms(SluiceConfig config, ToLongFunction<String> domainOf, @Nullable Governor governor) {
    Pace pace = config.politeness().domain();
    this.rules = HostRules.of(config);
    this.domains = pace.limits() ? new DomainClocks(pace, domainOf) : null;
    this.governor = governor;
  }

  /** The settings of a host, resolved once. */
  public HostSettings of(HostClock host) {
    HostSettings known = host.settings;
    if (known == null) {
      known = rules.settingsOf(host.name());
      host.settings = known;
    }
    return known;
  }

  @Nullable DomainClocks domains() {
    return domains;
  }

  @Nullable Governor governor() {
    return governor;
  }
}
