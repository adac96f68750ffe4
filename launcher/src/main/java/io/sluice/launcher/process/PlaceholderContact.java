package io.sluice.launcher.process;

import io.sluice.core.config.Echo;
import io.sluice.core.config.Seed;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.url.Url;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Recognizes a placeholder contact in {@code crawl.user-agent}, such as an example's, which does
 * not lead to the operator of a crawl of other people's sites. Stateless.
 */
public final class PlaceholderContact {

  /** Matches the URL or e-mail address of a crawl's operator. */
  private static final Pattern CONTACT =
      Pattern.compile("\\+(https?://[^\\s)]+)|[^\\s@(]@([^\\s@/)>;,]+)");

  /** Reserved names, which lead nowhere (RFC 2606, RFC 6761). */
  private static final Pattern RESERVED =
      Pattern.compile("(.*\\.)?(example\\.(com|net|org)|example|test|invalid|localhost)\\.?");

  private PlaceholderContact() {}

  /**
   * Returns what must be fixed before the crawl may visit other people's sites; empty if the
   * contact is usable, or if every seed of the config is on the user's own machines or under a
   * reserved name.
   */
  public static Optional<String> problem(SluiceConfig config) {
    String agent = config.crawl().userAgent();
    return problem(agent, config.crawl().seeds().stream().map(Seed::url).toList())
        .map(reason -> "crawl.user-agent=%s: %s".formatted(Echo.of(agent), reason));
  }

  /**
   * Like {@link #problem(SluiceConfig)}, for a User-Agent and the seeds to be crawled under it; the
   * text does not name the key.
   */
  public static Optional<String> problem(String agent, List<Url> seeds) {
    if (!isPlaceholder(agent)) {
      return Optional.empty();
    }
    return seeds.stream()
        .filter(PlaceholderContact::isPublic)
        .findFirst()
        .map(
            site ->
                "the operators of %s cannot reach you there; name an https URL or an e-mail address of your own"
                    .formatted(site.host()));
  }

  private static boolean isPlaceholder(String agent) {
    Matcher contact = CONTACT.matcher(agent);
    boolean any = false;
    while (contact.find()) {
      String href = contact.group(1) == null ? "http://" + contact.group(2) : contact.group(1);
      Url url = Url.parse(href);
      if (url == null || isPublic(url)) {
        return false;
      }
      any = true;
    }
    return any;
  }

  private static boolean isPublic(Url url) {
    return !RESERVED.matcher(url.host()).matches()
        && !SeedCheck.isSpecialAddress(url)
        && !SeedCheck.isLocalName(url);
  }
}
