package io.sluice.frontier.scope;

import io.sluice.core.address.AddressRules;
import io.sluice.core.config.HostRules;
import io.sluice.core.config.HostSettings;
import io.sluice.core.config.ScopeSettings;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.Labels;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Priority;
import io.sluice.core.url.Domains;
import io.sluice.core.url.ParameterStripper;
import io.sluice.core.url.Url;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides which URLs belong to the crawl, by the settings and, if these name no domains, by the
 * registered domains of the seeds {@linkplain #admit admitted} so far. Confined to its shard's
 * thread.
 */
public final class Scope {

  private static final String EVERY_HOST = "*";

  private final ScopeSettings settings;
  private final HostRules hosts;
  private final boolean followLinks;
  private final TrapRules traps;
  private final ParameterStripper stripper;
  private final boolean everyHost;
  private final AddressRules addresses;
  private final Set<String> domains;

  /** The scope of a configuration, without the seeds. */
  public Scope(SluiceConfig config) {
    this.settings = config.scope();
    this.hosts = HostRules.of(config);
    this.followLinks = config.crawl().followLinks();
    this.traps = new TrapRules(settings.traps());
    this.stripper = new ParameterStripper(settings.stripParameters());
    this.everyHost = settings.domains().contains(EVERY_HOST);
    this.addresses = AddressRules.of(config);
    this.domains = new HashSet<>(settings.domains());
  }

  /**
   * Adds the registered domain of a seed, or of a seed's redirect target, to the crawl, unless the
   * settings name domains.
   *
   * @return the domain if it did not belong to the crawl before; null otherwise
   */
  public @Nullable String admit(Offer seed) {
    boolean follows = seed.redirects().isEmpty() || settings.followSeedRedirects();
    return follows ? admit(Domains.registeredDomain(seed.url().host())) : null;
  }

  /** Adds a domain that was admitted in an earlier run. */
  public @Nullable String admit(String domain) {
    return settings.domains().isEmpty() && domains.add(domain) ? domain : null;
  }

  /**
   * The offer with its URL stripped of session ids and similar parameters, and of a dot at the end
   * of the host's name. The target of a redirect that only added parameters keeps these: without
   * them, the target would equal the URL that redirected, and its page would be lost.
   */
  public Offer stripped(Offer offer) {
    Url dotless = offer.url().withoutRootDot();
    Url stripped = stripper.strip(dotless);
    Url url = offer.redirects().contains(stripped.href()) ? dotless : stripped;
    return url.equals(offer.url()) ? offer : offer.withUrl(url);
  }

  /** Whether as many pages of a host were fetched as the settings allow. */
  public boolean budgetSpent(String host, long pages) {
    long most = hosts.settingsOf(host).maxPages();
    return most > 0 && pages >= most;
  }

  /**
   * Why a URL does not belong to the crawl, apart from its host's budget; null if it does.
   *
   * @param depth links followed from a seed
   * @param via the URL of the page or redirect that named it; null for a seed
   */
  public @Nullable Refusal decide(Url url, int depth, @Nullable String via) {
    if (depth > 0 && !followLinks) {
      return Refusal.LINKS_NOT_FOLLOWED;
    }
    HostSettings host = hosts.settingsOf(url.host());
    if (depth > host.maxDepth()) {
      return Refusal.TOO_DEEP;
    }
    String href = url.href();
    if (href.length() > settings.maxUrlLength()) {
      return Refusal.TOO_LONG;
    }
    if (url.hasCredentials()) {
      return Refusal.CREDENTIALS;
    }
    if (!everyHost && !inDomains(url.host())) {
      return Refusal.OUT_OF_DOMAIN;
    }
    switch (addresses.bar(url, via)) {
      case null -> {}
      case PORT -> {
        return Refusal.PORT_FORBIDDEN;
      }
      case ADDRESS -> {
        return Refusal.ADDRESS_FORBIDDEN;
      }
    }
    Refusal trap = traps.decide(url);
    if (trap != null) {
      return trap;
    }
    if (!settings.include().isEmpty() && !anyFound(settings.include(), href)) {
      return Refusal.NOT_INCLUDED;
    }
    return anyFound(settings.exclude(), href) ? Refusal.EXCLUDED : null;
  }

  /**
   * The labels of an accepted offer: its host's priority applies, unless it is a seed with its own.
   */
  public Labels labels(Offer offer) {
    Labels own = offer.labels();
    Priority ofHost = hosts.settingsOf(offer.url().host()).priority();
    boolean chosen = offer.via() == null && own.priority() != Priority.NORMAL;
    return ofHost == null || chosen ? own : new Labels(ofHost, own.tag());
  }

  private boolean inDomains(String host) {
    for (int from = 0; ; ) {
      if (domains.contains(host.substring(from))) {
        return true;
      }
      int dot = host.indexOf('.', from);
      if (dot < 0) {
        return false;
      }
      from = dot + 1;
    }
  }

  private static boolean anyFound(List<Pattern> patterns, String href) {
    for (Pattern pattern : patterns) {
      if (pattern.matcher(href).find()) {
        return true;
      }
    }
    return false;
  }
}
