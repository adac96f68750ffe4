package io.sluice.fetcher.robots;

import io.sluice.core.url.Url;
import io.sluice.fetcher.cookie.RedirectChain;
import io.sluice.fetcher.http.HttpReply;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The result of asking for an origin's rules. */
public sealed interface RobotsAnswer {
  /** Whether the host was asked just now. */
  enum Contact {
    /** The answer is from the cache or another host. */
    NONE,
    /** A request was sent to the host, and the host's delay has to pass before the next one. */
    ASKED;

    static Contact of(boolean touched) {
      return touched ? ASKED : NONE;
    }
  }

  /** Whether the host was asked just now. */
  Contact contact();

  /** Whether the host's delay has to pass before the next request. */
  default boolean touchedHost() {
    return contact() == Contact.ASKED;
  }

  /**
   * Adapts the answer to the visit's own host.
   *
   * @param touched whether the visit sent a request to its own host, not only to hosts that the
   *     file there redirects to
   * @param own whether the answer is from the visit's own host
   */
  default RobotsAnswer of(Contact touched, boolean own) {
    return switch (this) {
      case Known(RobotsRules rules, _, _) -> new Known(rules, touched);
      case Unreachable(_, var retryAfter) -> new Unreachable(touched, own ? retryAfter : null);
      case Moved(Url target, _, var chain) -> new Moved(target, touched, chain);
      case Busy(_, var after) -> new Busy(touched, after);
      case Cancelled _ -> new Cancelled(touched);
      case HostFailed _ -> own ? this : new Unreachable(touched);
    };
  }

  /**
   * The rules are known.
   *
   * @param answered whether the host has just sent them; false also for an old copy used because
   *     the host failed
   */
  record Known(RobotsRules rules, Contact contact, boolean answered) implements RobotsAnswer {

    /** Rules from the cache, or just sent by the host. */
    Known(RobotsRules rules, Contact contact) {
      this(rules, contact, contact == Contact.ASKED);
    }
  }

  /**
   * The rules cannot be read at the moment.
   *
   * @param retryAfter the pause that the host requested; null if none
   */
  record Unreachable(Contact contact, @Nullable Duration retryAfter) implements RobotsAnswer {

    /** Creates an answer for rules that are unreachable for an unknown time. */
    Unreachable(Contact contact) {
      this(contact, null);
    }
  }

  /**
   * No request can be sent to the host: its name does not resolve, its address is refused, or it
   * accepts no connection.
   *
   * @param reply the result of the request for robots.txt
   */
  record HostFailed(HttpReply reply) implements RobotsAnswer {
    @Override
    public Contact contact() {
      return Contact.of(reply.touchedHost());
    }
  }

  /**
   * The file is at another location, which is cached, and requested once its host's clocks allow a
   * request.
   *
   * @param target the location that the redirect names
   * @param chain the redirects that led there, with their cookies
   */
  record Moved(Url target, Contact contact, RedirectChain chain) implements RobotsAnswer {}

  /**
   * The rules cannot be requested yet: the host or address that has to be asked must not be
   * contacted now.
   *
   * @param after minimum wait before asking again; null if unknown
   */
  record Busy(Contact contact, @Nullable Duration after) implements RobotsAnswer {

    /** Creates an answer for a host or address that is busy for an unknown time. */
    Busy(Contact contact) {
      this(contact, null);
    }
  }

  /** The fetcher is stopping, so no caller waits any longer. */
  record Cancelled(Contact contact) implements RobotsAnswer {}
}
