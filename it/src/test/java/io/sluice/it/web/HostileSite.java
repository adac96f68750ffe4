package io.sluice.it.web;

import io.sluice.it.web.Behaviour.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers a path of a host by the plan. Opened once, before the first request; then confined to the
 * web's event loop.
 */
final class HostileSite {

  private volatile @Nullable Opened opened;

  private record Opened(HostilePlan plan, HostileReplies replies, HostileLog log) {}

  void open(HostilePlan plan, HostileReplies replies, HostileLog log) {
    opened = new Opened(plan, replies, log);
  }

  HostileReply answer(String hostName, String path) {
    Opened now = opened;
    if (now == null) {
      throw new IllegalStateException("asked before it was open");
    }
    if (path.equals("/robots.txt")) {
      return HostileReplies.robots();
    }
    List<String> words = List.of(path.substring(1).split("/", -1));
    int host = Integer.parseInt(hostName.substring(1, hostName.indexOf('.')));
    return switch (words.getFirst()) {
      case "s" -> row(now, host, number(words, 1));
      case "t" -> target(now, number(words, 1), number(words, 2), number(words, 3));
      case "u" -> leaf(now, host, words);
      default -> {
        now.log().addUncalledFor();
        yield HostileReplies.unknown();
      }
    };
  }

  private static HostileReply row(Opened now, int host, int group) {
    now.log().addGood(Behaviour.PLAIN, host, group, HostilePlan.LEAVES);
    return now.replies().row(host, group);
  }

  private static HostileReply target(Opened now, int host, int group, int leaf) {
    now.log().addGood(Behaviour.PLAIN, host, group, leaf);
    return now.replies().page(host, group);
  }

  private static HostileReply leaf(Opened now, int host, List<String> words) {
    int group = number(words, 1);
    int leaf = number(words, 2);
    int step = words.size() > 3 ? number(words, 3) : 0;
    Behaviour behaviour = now.plan().leaf(host, group, leaf);
    if (behaviour.kind() == Kind.GOOD) {
      now.log().addGood(behaviour, host, group, leaf);
    } else {
      now.log().add(behaviour);
    }
    return now.replies().leaf(behaviour, host, group, leaf, step);
  }

  /** A word of a path, with a letter before it or without. */
  private static int number(List<String> words, int index) {
    String word = words.get(index);
    boolean lettered = Character.isLetter(word.charAt(0));
    return Integer.parseInt(lettered ? word.substring(1) : word);
  }
}
