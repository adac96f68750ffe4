package io.sluice.it;

import io.sluice.it.web.LoggedWeb;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Judges a crawl that was stopped and run again, by the log of the web's server and by the output
 * files. It counts every request, including those for redirects and missing pages, but not those
 * for robots.txt, which each process requests again.
 *
 * @param lost URLs that the web links and that were never requested
 * @param repeated URLs that were requested more than once, with the number of repetitions
 * @param unstored pages missing from the JSONL or the WARC, and other URLs of the web, such as
 *     redirects, missing from the WARC
 * @param doubled pages that are stored more than once
 * @param strangers URLs in the output that are not pages of the web
 */
record StopOracle(
    Set<String> lost,
    Map<String, Long> repeated,
    Set<String> unstored,
    Set<String> doubled,
    Set<String> strangers) {

  static StopOracle of(LoggedWeb web, CrawlDir dir) throws IOException {
    Set<String> truth = web.truth();
    Map<String, Long> asked =
        web.asked().stream()
            .collect(Collectors.groupingBy(url -> url, TreeMap::new, Collectors.counting()));
    Map<String, Long> repeated = new TreeMap<>();
    asked.forEach(
        (url, times) -> {
          if (times > 1) {
            repeated.put(url, times - 1);
          }
        });
    Collection<String> jsonl =
        dir.pages().stream()
            .filter(page -> page.number("status") == 200)
            .map(Line::url)
            .collect(Collectors.toList());
    Collection<String> warc = dir.warcResponses();
    Set<String> unstored = without(truth, jsonl);
    unstored.addAll(without(truth, warc));
    unstored.addAll(without(web.askedByAll(), archived(dir)));
    Set<String> doubled = twice(jsonl);
    doubled.addAll(twice(warc));
    return new StopOracle(
        without(web.askedByAll(), asked.keySet()),
        repeated,
        unstored,
        doubled,
        without(jsonl, truth));
  }

  /** Every URL with a response in the WARC, parsed or not. */
  private static Set<String> archived(CrawlDir dir) throws IOException {
    Set<String> archived = new TreeSet<>(dir.warcResponses());
    archived.addAll(dir.warcOthers());
    return archived;
  }

  /**
   * Returns, for a stopped crawl, the pages that the web has answered but no output contains, and
   * other answered URLs that are missing from the WARC.
   */
  static Set<String> unparsed(LoggedWeb web, CrawlDir dir) throws IOException {
    Set<String> fetched = new TreeSet<>(web.asked());
    fetched.retainAll(web.truth());
    Set<String> unparsed = without(fetched, dir.pages().stream().map(Line::url).toList());
    Set<String> answered = new TreeSet<>(web.asked());
    answered.retainAll(web.askedByAll());
    unparsed.addAll(without(answered, archived(dir)));
    return unparsed;
  }

  /** Number of requests that repeated an earlier one. */
  long repetitions() {
    return repeated.values().stream().mapToLong(Long::longValue).sum();
  }

  private static Set<String> without(Collection<String> all, Collection<String> some) {
    Set<String> rest = new TreeSet<>(all);
    rest.removeAll(Set.copyOf(some));
    return rest;
  }

  private static Set<String> twice(Collection<String> urls) {
    Set<String> once = new TreeSet<>();
    return urls.stream()
        .filter(url -> !once.add(url))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
