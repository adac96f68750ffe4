package io.sluice.launcher.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A small web, always the same: eight hosts of about sixty pages each. The pages link to each other
 * in a tree, at random to pages of other hosts, to redirects, to pages that are gone, and to pages
 * that robots.txt forbids. Immutable.
 */
final class DemoSite {

  /** The common suffix of the hosts' names; reserved for tests (RFC 6761). */
  static final String DOMAIN = "demo.sluice.test";

  private static final List<String> HOSTS =
      List.of(
          "harbour",
          "orchard",
          "museum",
          "library",
          "observatory",
          "railway",
          "bakery",
          "lighthouse");
  private static final int PAGES_PER_HOST = 60;
  private static final int CHILDREN = 4;
  private static final int CROSS_LINKS = 6;
  private static final int REDIRECTS_PER_HOST = 3;
  private static final int GONE_PER_HOST = 2;
  private static final long SEED = 2025;
  private static final String WORDS =
      "water gate lock stream canal barge quay tide rope anchor lantern bridge mill weir ferry";

  private final Map<String, Resource> resources;

  private DemoSite(Map<String, Resource> resources) {
    this.resources = resources;
  }

  /** The response to a request for a URL. */
  sealed interface Resource {
    /** An HTML page with links, possibly answered after a delay. */
    record Page(String title, String text, List<String> links, boolean slow) implements Resource {
      public Page {
        links = List.copyOf(links);
      }
    }

    /** A redirect to another URL: 301. */
    record Moved(String target) implements Resource {}

    /** A page that is gone: 404. */
    record Gone() implements Resource {}

    /** A page that robots.txt forbids. */
    record Forbidden() implements Resource {}
  }

  /**
   * The expected result of a crawl of the whole site.
   *
   * @param pages URLs answered with 200
   * @param gone URLs answered with 404
   * @param moved URLs answered with 301
   * @param forbidden URLs that must not be requested
   */
  record Expected(int pages, int gone, int moved, int forbidden) {}

  /** Builds the site for a server on {@code port}. */
  static DemoSite onPort(int port) {
    Random random = new Random(SEED);
    Map<String, Resource> resources = new LinkedHashMap<>();
    for (String host : HOSTS) {
      for (int number = 0; number < PAGES_PER_HOST; number++) {
        List<String> links = new ArrayList<>();
        for (int child = 1; child <= CHILDREN; child++) {
          if (number * CHILDREN + child < PAGES_PER_HOST) {
            links.add(page(host, number * CHILDREN + child, port));
          }
        }
        for (int cross = 0; cross < CROSS_LINKS; cross++) {
          String other = HOSTS.get(random.nextInt(HOSTS.size()));
          links.add(page(other, random.nextInt(PAGES_PER_HOST), port));
        }
        if (number < REDIRECTS_PER_HOST) {
          links.add(url(host, "/old-" + number + ".html", port));
        }
        if (number < GONE_PER_HOST) {
          links.add(url(host, "/gone-" + number + ".html", port));
        }
        links.add(url(host, "/private/ledger.html", port));
        boolean slow = host.equals("observatory") && number == 1;
        resources.put(
            page(host, number, port),
            new Resource.Page(title(host, number), text(random), links, slow));
      }
      for (int number = 0; number < REDIRECTS_PER_HOST; number++) {
        resources.put(
            url(host, "/old-" + number + ".html", port),
            new Resource.Moved(page(host, number + 1, port)));
      }
      for (int number = 0; number < GONE_PER_HOST; number++) {
        resources.put(url(host, "/gone-" + number + ".html", port), new Resource.Gone());
      }
      resources.put(url(host, "/private/ledger.html", port), new Resource.Forbidden());
    }
    // The first host's first page leads to every host.
    String seed = seed(port);
    Resource.Page first = (Resource.Page) resources.get(seed);
    if (first != null) {
      List<String> links = new ArrayList<>(first.links());
      HOSTS.forEach(host -> links.add(page(host, 0, port)));
      resources.put(seed, new Resource.Page(first.title(), first.text(), links, false));
    }
    return new DemoSite(resources);
  }

  /** Where a crawl of the site begins. */
  static String seed(int port) {
    return page(HOSTS.getFirst(), 0, port);
  }

  /** Returns the resource at {@code url}; null if there is none. */
  @Nullable Resource at(String url) {
    return resources.get(url);
  }

  /** A URL that robots.txt forbids. */
  String forbidden() {
    return resources.entrySet().stream()
        .filter(resource -> resource.getValue() instanceof Resource.Forbidden)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  /** The result of following every link from the seed. */
  Expected expected(int port) {
    Set<String> found = new LinkedHashSet<>();
    List<String> next = new ArrayList<>(List.of(seed(port)));
    int pages = 0;
    int gone = 0;
    int moved = 0;
    int forbidden = 0;
    while (!next.isEmpty()) {
      String url = next.removeLast();
      Resource resource = resources.get(url);
      if (resource == null || !found.add(url)) {
        continue;
      }
      switch (resource) {
        case Resource.Page page -> {
          pages++;
          next.addAll(page.links());
        }
        case Resource.Moved move -> {
          moved++;
          next.add(move.target());
        }
        case Resource.Gone ignored -> gone++;
        case Resource.Forbidden ignored -> forbidden++;
      }
    }
    return new Expected(pages, gone, moved, forbidden);
  }

  private static String page(String host, int number, int port) {
    return url(host, number == 0 ? "/" : "/page-" + number + ".html", port);
  }

  private static String url(String host, String path, int port) {
    return "http://" + host + "." + DOMAIN + ":" + port + path;
  }

  private static String title(String host, int number) {
    return "The " + host + (number == 0 ? "" : ", part " + number);
  }

  private static String text(Random random) {
    String[] words = WORDS.split(" ", -1);
    StringBuilder text = new StringBuilder();
    int length = 60 + random.nextInt(200);
    for (int i = 0; i < length; i++) {
      text.append(words[random.nextInt(words.length)]).append(i % 14 == 13 ? ".\n" : " ");
    }
    return text.toString();
  }
}
