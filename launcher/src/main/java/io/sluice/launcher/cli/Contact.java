package io.sluice.launcher.cli;

import io.sluice.core.config.Echo;
import io.sluice.core.url.Url;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.process.PlaceholderContact;
import io.sluice.launcher.process.SeedCheck;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How the operators of the sites that are crawled can reach the user. Stateless. */
final class Contact {

  /** The User-Agent of a crawl that only visits the user's own machines. */
  private static final String LOCAL = "http://localhost/";

  private static final Pattern CONTACT =
      Pattern.compile("https?://[^\\s()]+|[^\\s@()]+@[^\\s@()]+");

  private Contact() {}

  /**
   * Returns the User-Agent for a crawl, asking the user for a contact if necessary.
   *
   * @param given the contact that the user gave; null for none
   * @param seeds where the crawl begins; if all are on the user's own addresses, no contact is
   *     needed
   * @param terminal where the user is asked, at most three times; null without a terminal
   * @throws CannotStart if a contact is needed and is missing or cannot lead to the user
   */
  static String userAgent(
      @Nullable String given, List<Url> seeds, @Nullable BufferedReader terminal, PrintWriter err)
      throws CannotStart, IOException {
    if (given != null) {
      return checked(given, seeds);
    }
    if (seeds.stream().allMatch(SeedCheck::isSpecialAddress)) {
      return agent(LOCAL);
    }
    if (terminal != null) {
      String answer =
          new Questions(terminal, err)
              .ask(
                  "A contact for the sites' operators, an https URL or an e-mail address:",
                  contact -> problem(contact, seeds));
      if (!answer.isEmpty()) {
        return checked(answer, seeds);
      }
    }
    throw new CannotStart(
        "--contact is required: an https URL or an e-mail address at which the operators of the"
            + " sites can reach you; it becomes part of crawl.user-agent");
  }

  /** Whether a User-Agent is that of a crawl that only visits the user's own machines. */
  static boolean isLocal(String agent) {
    return agent.equals(agent(LOCAL));
  }

  private static String checked(String contact, List<Url> seeds) throws CannotStart {
    Optional<String> problem = problem(contact, seeds);
    if (problem.isPresent()) {
      throw new CannotStart("--contact=" + problem.get());
    }
    return agent(contact);
  }

  private static Optional<String> problem(String contact, List<Url> seeds) {
    Optional<String> reason =
        CONTACT.matcher(contact).matches()
            ? PlaceholderContact.problem(agent(contact), seeds)
            : Optional.of("must be an https URL or an e-mail address, such as me@example.org");
    return reason.map(text -> Echo.of(contact) + ": " + text);
  }

  private static String agent(String contact) {
    return "Sluice/0.1 (" + (contact.contains("://") ? "+" : "") + contact + ")";
  }
}
