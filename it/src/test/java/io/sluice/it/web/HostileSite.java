package io.sluice.it.web;

import io.sluice.it.web.Behaviour.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers a path of a host according to the plan. Opened once, before the first request; then
 * confined to the web's event loop.
 */
final class HostileSite {

  private volatile @Nullable Opened opened;

  private record Opened(HostilePlan plan, HostileReplies replies, HostileLog log) {}

  void open(HostilePlan plan, HostileReplies replies, HostileLog log) {
    opened = new Opened(plan, replies, log);
  }

  HostileReply answer(String hostName, String path) {
    Opened site = opened;
    if (site == null) {
      throw new IllegalStateException("asked before it was open");
    }
    if (path.equals("/robots.txt")) {
      return HostileReplies.robots();
    }
    site.log().asked(hostName + path, System.nanoTime());
    List<String> words = List.of(path.substring(1).split("/", -1));
    int host = Integer.parseInt(hostName.substring(1, hostName.indexOf('.')));
    return switch (words.getFirst()) {
      case "s" -> row(site, host, number(words, 1));
      case "t" -> target(site, number(words, 1), number(words, 2), number(words, 3));
      case "u" -> leaf(site, host, words);
      default -> {
        site.log().addUncalledFor();
        yield HostileReplies.unknown();
      }
    };
  }

  private static HostileReply row(Opened site, int host, int group) {
    site.log().addGood(Behaviour.PLAIN, host, group, HostilePlan.LEAVES);
    return site.replies().row(host, group);
  }

  private static HostileReply target(Opened site, int host, int group, int leaf) {
    site.log().addGood(Behaviour.PLAIN, host, group, leaf);
    return site.replies().page(host, group);
  }

  private static HostileReply leaf(Opened site, int host, List<String> words) {
    int group = number(words, 1);
    int leaf = number(words, 2);
    int step = words.size() > 3 ? number(words, 3) : 0;
    Behaviour behaviour = site.plan().leaf(host, group, leaf);
    if (behaviour.kind() == Kind.GOOD) {
      site.log().addGood(behaviour, host, group, leaf);
    } else {
      site.log().add(behaviour);
    }
    return site.replies().leaf(behaviour, host, group, leaf, step);
  }

  /** Returns the number in a word of a path; the word may begin with a letter. */
  private static int number(List<String> words, int index) {
    String word = words.get(index);
    boolean lettered = Character.isLetter(word.charAt(0));
    return Integer.parseInt(lettered ? word.substring(1) : word);
  }
}
