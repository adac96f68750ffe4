package io.sluice.frontier.scope;

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
 * Decides which URLs belong to the crawl, by the settings alone and, where these name no domains,
 * the registered domains of the seeds {@linkplain #admit admitted} so far. Confined to its shard's
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
  private final Set<String> domains;

  /** The scope that a configuration gives, without the seeds. */
  public Scope(SluiceConfig config) {
    this.settings = config.scope();
    this.hosts = HostRules.of(config);
    this.followLinks = config.crawl().followLinks();
    this.traps = new TrapRules(settings.traps());
    this.stripper = new ParameterStripper(settings.stripParameters());
    this.everyHost = settings.domains().contains(EVERY_HOST);
    this.domains = new HashSet<>(settings.domains());
  }

  /** A seed's registered domain belongs to the crawl unless the settings name others. */
  public void admit(Url seed) {
    if (settings.domains().isEmpty()) {
      domains.add(Domains.registeredDomain(seed.host()));
    }
  }

  /**
   * The offer of the URL without session ids and the like. The target of a redirect that only added
   * these keeps them: without them it would be the URL that redirected, and its page be lost.
   */
  public Offer stripped(Offer offer) {
    Url url = stripper.strip(offer.url());
    return url.equals(offer.url()) || offer.redirects().contains(url.href())
        ? offer
        : offer.withUrl(url);
  }

  /**
   * Why a URL does not belong to the crawl; null if it does.
   *
   * @param depth links followed from a seed
   * @param hostPages pages fetched from its host so far
   */
  public @Nullable Refusal decide(Url url, int depth, long hostPages) {
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
    if (host.maxPages() > 0 && hostPages >= host.maxPages()) {
      return Refusal.HOST_BUDGET;
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

  /** What an accepted offer is labelled: its host's priority, unless it is a seed with its own. */
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
