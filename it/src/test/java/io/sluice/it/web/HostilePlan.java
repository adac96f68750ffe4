package io.sluice.it.web;

import io.sluice.it.web.Behaviour.Expected;
import io.sluice.it.web.Behaviour.Kind;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The hostile web as a function: its URLs, how each is answered, and how each must end. Each host
 * has a row of good pages {@code /s/0}, {@code /s/1}, …, each of which links the next one and nine
 * leaves {@code /u/g<group>/l<leaf>}: two good ones and one of each hostile kind. A row can be of
 * any length, but a frontier never contains more than ten URLs of a host. The variant of a leaf
 * follows from a hash of its position.
 *
 * <p>Immutable.
 *
 * @param hosts number of hosts
 * @param groups number of pages in a host's row
 * @param port port of all hosts
 * @param slamPort port of the server that resets every connection
 */
record HostilePlan(int hosts, int groups, int port, int slamPort) {

  /** Number of leaves in a group. */
  static final int LEAVES = 9;

  /** The value of {@code fetcher.max-redirects} that the plan assumes. */
  static final int MAX_REDIRECTS = 3;

  /** The port of the discard service, which {@code fetcher.addresses.ports} must not allow. */
  private static final int FORBIDDEN_PORT = 9;

  /**
   * Number of names that do not exist, and number of names that the name server does not answer.
   */
  private static final int VOID_NAMES = 4;

  private static final List<Kind> KINDS =
      Stream.concat(Stream.of(Kind.GOOD), Stream.of(Kind.values())).toList();

  private static final Map<Kind, List<Behaviour>> VARIANTS =
      Stream.of(Kind.values()).collect(Collectors.toMap(kind -> kind, Kind::behaviours));

  String name(int host) {
    return "h" + host + ".s" + host % 40 + ".test";
  }

  String url(int host, String path) {
    return "http://" + name(host) + ":" + port + path;
  }

  /** Returns the behaviour of a leaf. */
  Behaviour leaf(int host, int group, int leaf) {
    long place = mix(host * 1_000_003L + group);
    Kind kind = KINDS.get((int) ((leaf + (place >>> 1)) % LEAVES));
    List<Behaviour> variants = VARIANTS.getOrDefault(kind, List.of());
    return variants.get((int) ((mix(place + leaf) >>> 1) % variants.size()));
  }

  /** Returns the URL by which a page links the leaf. */
  String leafUrl(int host, int group, int leaf) {
    String path = leafPath(group, leaf);
    return leaf(host, group, leaf) == Behaviour.SLAMMED
        ? "http://" + name(host) + ":" + slamPort + path
        : url(host, path);
  }

  /**
   * Returns the target of a leaf's redirect, or of the given step in the chain of redirects after
   * it.
   */
  String target(Behaviour behaviour, int host, int group, int leaf, int step) {
    // A path must not repeat a segment three times in a row, which counts as a crawler trap
    // (scope.max-repeated-segments).
    String place = "h" + host + "/g" + group + "/l" + leaf;
    return switch (behaviour) {
      case TO_OTHER_HOST -> url((host + 1) % hosts, "/t/" + place);
      case LOOP -> url(host, leafPath(group, leaf) + (step == 0 ? "/1" : ""));
      case CHAIN -> url(host, leafPath(group, leaf) + "/" + (step + 1));
      case TO_FORBIDDEN_ADDRESS -> "http://[::1]:" + port + "/f/" + place;
      case TO_FORBIDDEN_PORT -> "http://" + name(host) + ":" + FORBIDDEN_PORT + "/f/" + place;
      case TO_UNKNOWN_NAME -> "http://nx" + host % VOID_NAMES + ".void:" + port + "/f/" + place;
      case TO_MUTE_NAME ->
          "http://" + DnsResponder.MUTE + host % VOID_NAMES + ".test:" + port + "/f/" + place;
      default -> url(host, "/t/" + place);
    };
  }

  /** Every URL that a whole crawl finds, and how it must end. */
  SortedMap<String, Expected> truth() {
    SortedMap<String, Expected> truth = new TreeMap<>();
    for (int host = 0; host < hosts; host++) {
      for (int group = 0; group < groups; group++) {
        truth.put(url(host, "/s/" + group), Expected.PAGE);
        truth.put(
            url(host, "/private/" + group),
            new Expected(java.util.Set.of("robots-denied"), java.util.Set.of("robots-disallow")));
        for (int leaf = 0; leaf < LEAVES; leaf++) {
          Behaviour behaviour = leaf(host, group, leaf);
          truth.put(leafUrl(host, group, leaf), behaviour.expected());
          putTargets(truth, behaviour, host, group, leaf);
        }
      }
    }
    return truth;
  }

  private void putTargets(
      Map<String, Expected> truth, Behaviour behaviour, int host, int group, int leaf) {
    String target = target(behaviour, host, group, leaf, 0);
    switch (behaviour) {
      case TO_PAGE, TO_OTHER_HOST -> truth.put(target, Expected.PAGE);
      case LOOP -> truth.put(target, Expected.failed("redirect-loop"));
      case CHAIN -> {
        for (int step = 1; step < MAX_REDIRECTS; step++) {
          truth.put(url(host, leafPath(group, leaf) + "/" + step), Expected.REDIRECTED);
        }
        truth.put(
            url(host, leafPath(group, leaf) + "/" + MAX_REDIRECTS),
            Expected.failed("too-many-redirects"));
      }
      case TO_FORBIDDEN_ADDRESS -> truth.put(target, Expected.refused("address-forbidden"));
      case TO_FORBIDDEN_PORT -> truth.put(target, Expected.refused("port-forbidden"));
      case TO_UNKNOWN_NAME -> truth.put(target, Expected.failed("dns-not-found"));
      case TO_MUTE_NAME -> truth.put(target, Expected.failed("dns-timeout", "dns-failed"));
      default -> {}
    }
  }

  static String leafPath(int group, int leaf) {
    return "/u/g" + group + "/l" + leaf;
  }

  /**
   * The finalizer of SplitMix64: each bit of the input affects half of the result's bits on
   * average.
   */
  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
