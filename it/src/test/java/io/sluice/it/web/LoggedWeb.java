package io.sluice.it.web;

import java.io.IOException;
import java.util.List;
import java.util.SortedSet;

/** A web on loopback whose servers log their requests: the oracle of whole crawls. */
public interface LoggedWeb {

  /** The URL from which all others are reachable. */
  String seed();

  /** The port that serves every host. */
  int port();

  /** The name server that knows the hosts, as {@code address:port}. */
  String nameServer();

  /** Settings for a crawl's {@code scope} in addition to the domain, as YAML; may be empty. */
  String scope();

  /** The URLs of the pages that a polite crawl fetches. */
  SortedSet<String> truth();

  /** The URLs that a polite crawl requests, pages and others, all of which are linked. */
  default SortedSet<String> askedByAll() {
    return truth();
  }

  /** The URLs requested so far, in order, with repetitions but without robots.txt. */
  List<String> asked() throws IOException;
}
