package io.sluice.it.web;

import java.io.IOException;
import java.util.List;
import java.util.SortedSet;

/** A web on loopback whose servers log what they are asked for: the oracle of whole crawls. */
public interface LoggedWeb {

  /** The URL from which all is reachable. */
  String seed();

  /** The port that serves every host. */
  int port();

  /** The name server that knows the hosts, as {@code address:port}. */
  String nameServer();

  /** What to put into a crawl's {@code scope} besides the domain, as YAML; may be empty. */
  String scope();

  /** The URLs of the pages that a polite crawl fetches. */
  SortedSet<String> truth();

  /** The URLs that a polite crawl asks for, pages and others: each has a link to it. */
  default SortedSet<String> askedByAll() {
    return truth();
  }

  /** The URLs that were asked for so far, in order and as often; robots.txt is left out. */
  List<String> asked() throws IOException;
}
