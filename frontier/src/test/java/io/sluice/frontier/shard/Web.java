package io.sluice.frontier.shard;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A small made-up web: numbered pages on a few hosts, each with links to three others; then
 * islands, pages to which no page links. Immutable.
 *
 * @param pages linked pages
 * @param islands pages that only a seed leads to
 * @param hosts number of hosts, over which the pages are distributed in turn
 */
record Web(int pages, int islands, int hosts) {

  /** The seeds from which the whole web is reachable. */
  List<String> seeds() {
    List<String> seeds = new ArrayList<>(List.of(href(0)));
    for (int island = 0; island < islands; island++) {
      seeds.add(href(pages + island));
    }
    return seeds;
  }

  /** The links of a page. */
  List<String> links(String href) {
    int page = Integer.parseInt(href.substring(href.lastIndexOf('/') + 1));
    if (page >= pages) {
      return List.of();
    }
    return List.of(
        href((page * 2 + 1) % pages), href((page * 2 + 2) % pages), href((page + 7) % pages));
  }

  /** Every page that the seeds lead to. */
  Set<String> reachable() {
    Set<String> found = new TreeSet<>(seeds());
    List<String> queue = new ArrayList<>(found);
    for (int i = 0; i < queue.size(); i++) {
      for (String link : links(queue.get(i))) {
        if (found.add(link)) {
          queue.add(link);
        }
      }
    }
    return found;
  }

  private String href(int page) {
    return "http://h" + page % hosts + ".example.test/" + page;
  }
}
