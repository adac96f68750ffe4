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
 * The truth about a crawl that was stopped and run again, by the log of the web's server and by the
 * files. It counts every request, redirects and missing pages too; robots.txt alone is asked again
 * by each process.
 *
 * @param lost URLs that the web links and that were never asked for
 * @param repeated URLs that were asked for more than once, and how often more
 * @param unstored pages that are not in the JSONL or not in the WARC
 * @param doubled pages that are there more than once
 * @param strangers what is in the output and is no page of the web's
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
    // Redirects and missing pages are answers too: the WARC may hold them, once.
    Collection<String> warc = dir.warcResponses();
    Set<String> unstored = without(truth, jsonl);
    unstored.addAll(without(truth, warc));
    Set<String> doubled = twice(jsonl);
    doubled.addAll(twice(warc));
    return new StopOracle(
        without(web.askedByAll(), asked.keySet()),
        repeated,
        unstored,
        doubled,
        without(jsonl, truth));
  }

  /** How many requests were repetitions. */
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
