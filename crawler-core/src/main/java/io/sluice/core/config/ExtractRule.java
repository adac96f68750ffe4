package io.sluice.core.config;

import io.sluice.core.url.Url;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fields that are taken from some pages, in addition to those of every page. Immutable.
 *
 * @param name the rule's name in metrics and {@code sluice parse}
 * @param match a host, or {@code *.} and a domain, which means the domain and all hosts below it;
 *     null for every host
 * @param url a regular expression in RE2's syntax, searched for anywhere in a page's URL; null for
 *     every URL. The parser compiles it
 * @param fields the fields to take, in the order of the output; their names are distinct
 */
public record ExtractRule(
    String name, @Nullable String match, @Nullable String url, List<ExtractField> fields) {

  private static final String BELOW = "*.";

  public ExtractRule {
    fields = List.copyOf(fields);
  }

  /** Whether the rule applies to the host of a page, by the URL that was requested. */
  public boolean matchesHost(Url page) {
    return match == null || matchesHost(match, page.host());
  }

  private static boolean matchesHost(String match, String host) {
    if (!match.startsWith(BELOW)) {
      return host.equals(match);
    }
    int domain = host.length() - (match.length() - BELOW.length());
    return host.endsWith(match.substring(BELOW.length()))
        && (domain == 0 || host.charAt(domain - 1) == '.');
  }
}
