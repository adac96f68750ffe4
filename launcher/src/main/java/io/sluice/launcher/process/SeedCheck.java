package io.sluice.launcher.process;

import io.sluice.core.address.AddressRules;
import io.sluice.core.config.Echo;
import io.sluice.core.config.FetcherSettings;
import io.sluice.core.config.Globs;
import io.sluice.core.config.Overruled;
import io.sluice.core.config.Seed;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.Offer;
import io.sluice.core.url.Url;
import io.sluice.frontier.inspect.ScopeVerdict;
import io.sluice.frontier.scope.Refusal;
import io.sluice.frontier.scope.Scope;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Judges seeds in advance, as the crawl will: by scope, port, IP address if the host is one, and
 * credentials. No name is resolved. Confined to one thread.
 */
public final class SeedCheck {

  /** Suffixes of names reserved for private networks (RFC 6762, RFC 8375, and convention). */
  private static final List<String> LOCAL_ENDINGS =
      List.of(".local", ".lan", ".internal", ".intranet", ".corp", ".home", ".home.arpa");

  /** The default rules, by which no special address may be fetched from. */
  private static final AddressRules STRICT =
      new AddressRules(new FetcherSettings.Addresses(List.of(), List.of()), List.of());

  private static final int MAX_TOLD = 20;

  private final SluiceConfig config;
  private final Scope scope;
  private final AddressRules addresses;

  /** Creates a check against {@code config}. */
  public SeedCheck(SluiceConfig config) {
    this.config = config;
    this.scope = new Scope(config);
    this.addresses = AddressRules.of(config);
  }

  /**
   * The verdict on a config's own seeds.
   *
   * @param problems a line for each refused seed, with the key responsible
   * @param notes possible mistakes that do not keep a seed from being fetched
   * @param same how many seeds repeat an earlier one
   */
  public record Verdict(List<String> problems, List<String> notes, int same) {}

  /** {@link #atStart(SluiceConfig, boolean, Consumer)} for a crawl that keeps its directory. */
  public static void atStart(SluiceConfig config, Consumer<String> tell) throws CannotStart {
    atStart(config, false, tell);
  }

  /**
   * Reports the verdict on the config's seeds, and rules for hosts that have no effect, at the
   * start of a crawl: at most {@value #MAX_TOLD} lines.
   *
   * @param fresh whether the crawl directory will be emptied
   * @param tell receives the lines
   * @throws CannotStart if every seed is refused and there is nothing else to crawl, or if the
   *     contact leads nowhere and a seed is on someone else's site
   */
  public static void atStart(SluiceConfig config, boolean fresh, Consumer<String> tell)
      throws CannotStart {
    Optional<String> contact = PlaceholderContact.problem(config);
    if (contact.isPresent()) {
      throw new CannotStart(contact.get());
    }
    Verdict verdict = new SeedCheck(config).configured();
    boolean othersAreThere =
        config.crawl().seedsFile() != null
            || (!fresh && Files.isDirectory(config.crawl().dir().resolve("frontier")));
    int distinct = config.crawl().seeds().size() - verdict.same();
    if (verdict.problems().size() == distinct && distinct > 0 && !othersAreThere) {
      throw new CannotStart(verdict.problems());
    }
    List<String> lines = new ArrayList<>(verdict.problems());
    lines.addAll(verdict.notes());
    lines.addAll(Overruled.lines(config.hosts()));
    lines.stream().limit(MAX_TOLD).forEach(tell);
    if (lines.size() > MAX_TOLD) {
      tell.accept("%d further lines; `sluice check` shows them".formatted(lines.size() - MAX_TOLD));
    }
  }

  /** Judges all of {@code crawl.seeds}. */
  public Verdict configured() {
    List<String> problems = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    Map<String, Integer> known = new HashMap<>();
    List<Seed> seeds = config.crawl().seeds();
    for (int i = 0; i < seeds.size(); i++) {
      Url url = seeds.get(i).url();
      String line = "crawl.seeds[%d]=%s: ".formatted(i, Echo.of(url.href()));
      Integer earlier = known.putIfAbsent(url.withoutRootDot().href(), i);
      String refused = refusal(url);
      if (earlier != null) {
        notes.add(line + "is the same as crawl.seeds[%d]".formatted(earlier));
      } else if (refused != null) {
        problems.add(line + refused);
      } else if (isLocalName(url) && config.fetcher().addresses().allow().isEmpty()) {
        notes.add(
            line
                + "looks like a name of a local network; if its address is private, add its range,"
                + " such as 10.0.0.0/8, to fetcher.addresses.allow");
      }
    }
    addGlobs("scope.include", config.scope().include(), notes);
    addGlobs("scope.exclude", config.scope().exclude(), notes);
    return new Verdict(problems, notes, seeds.size() - known.size());
  }

  private static void addGlobs(String key, List<Pattern> patterns, List<String> notes) {
    patterns.stream()
        .map(Pattern::pattern)
        .filter(Globs::looksLike)
        .forEach(text -> notes.add("%s=%s: %s".formatted(key, Echo.of(text), Globs.REMEDY)));
  }

  /**
   * Returns why a line of {@code crawl.seeds-file} is refused, and the remedy; null if it is
   * accepted.
   */
  public @Nullable String refusalInFile(Url url) {
    return switch (isSeed(url) ? null : addresses.literalBar(url)) {
      case null -> refusal(url);
      case PORT -> port(url) + ", or name the URL in crawl.seeds";
      case ADDRESS ->
          "%s is a special address; add it to fetcher.addresses.allow, or name the URL in crawl.seeds"
              .formatted(url.host());
    };
  }

  private boolean isSeed(Url url) {
    return config.crawl().seeds().stream()
        .anyMatch(seed -> seed.url().host().equals(url.host()) && seed.url().port() == url.port());
  }

  private @Nullable String refusal(Url url) {
    Offer seed = Offer.seed(url);
    scope.admit(seed);
    Url offered = scope.stripped(seed).url();
    return switch (scope.decide(offered, 0, null)) {
      case null -> null;
      case OUT_OF_DOMAIN ->
          "%s is in none of scope.domains; add it there, or remove the seed"
              .formatted(offered.host());
      case PORT_FORBIDDEN -> port(offered);
      case NOT_INCLUDED ->
          "matches no pattern of scope.include, each of which is searched for in the whole URL; add"
              + " one, or remove the seed";
      case EXCLUDED ->
          "matches %s of scope.exclude; fix that pattern, or remove the seed"
              .formatted(Echo.of(excluding(offered.href())));
      case Refusal other ->
          "is refused as %s by %s; raise it, or remove the seed"
              .formatted(other.word(), ScopeVerdict.keyOf(other.word()));
    };
  }

  private static String port(Url url) {
    return "port %d is not in fetcher.addresses.ports; add it".formatted(url.port());
  }

  private String excluding(String href) {
    return config.scope().exclude().stream()
        .filter(pattern -> pattern.matcher(href).find())
        .map(Pattern::pattern)
        .findFirst()
        .orElse("a pattern");
  }

  /** Whether a URL's host is a special address, such as one in the user's own network. */
  public static boolean isSpecialAddress(Url url) {
    return STRICT.literalBar(url) == AddressRules.Bar.ADDRESS;
  }

  /** Whether a host's name is reserved for private networks; localhost does not count. */
  static boolean isLocalName(Url url) {
    String host = url.withoutRootDot().host();
    boolean isName = !host.startsWith("[") && !Character.isDigit(host.charAt(host.length() - 1));
    boolean isLocalhost = host.equals("localhost") || host.endsWith(".localhost");
    return isName
        && !isLocalhost
        && (host.indexOf('.') < 0 || LOCAL_ENDINGS.stream().anyMatch(host::endsWith));
  }
}
