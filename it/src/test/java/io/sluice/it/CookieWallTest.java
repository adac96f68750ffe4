package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.it.web.ScriptedWeb;
import io.sluice.it.web.ScriptedWeb.Talk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sites that answer a first request with a cookie and a redirect back to the same URL, and admit
 * only requests with the cookie; and sites that never admit any request. Each host's delay must be
 * observed throughout.
 */
class CookieWallTest {

  private static final int PAGES = 5;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  /** Cookies that were sent to hosts that had not set them. */
  private final Queue<String> leaked = new ConcurrentLinkedQueue<>();

  private final Queue<String> robots = new ConcurrentLinkedQueue<>();

  @Test
  void eachPageBehindAWallIsInTheOutputOnceAndEachWallThatStaysShutIsSaid() throws Exception {
    try (ScriptedWeb web = ScriptedWeb.start(this::robots, this::answer)) {
      CrawlYaml yaml = CrawlYaml.in(dir).delay("50ms");
      for (String host : List.of("through", "far", "dom", "session", "never", "loop")) {
        yaml.seed(web.url(host, "/"));
      }
      yaml.seed(web.url("robots", "/private")).seed(web.url("two", "/a"));
      Path config = yaml.write(web.url("self", "/"), "test", web.port(), web.nameServer(), "");
      try (SluiceProcess crawl =
          SluiceProcess.start(dir.resolve("out.txt"), Map.of(), "run", config.toString())) {
        assertThat(crawl.exitWithin(Duration.ofMinutes(3))).as(crawl.output()).isZero();
      }
      CrawlDir crawl = yaml.crawlDir();
      List<String> expected =
          new ArrayList<>(
              List.of(
                  web.url("self", "/"),
                  web.url("through", "/"),
                  web.url("far", "/"),
                  web.url("www.dom", "/"),
                  web.url("session", "/")));
      IntStream.range(0, PAGES).forEach(page -> expected.add(web.url("self", "/" + page)));
      assertThat(crawl.pages()).extracting(Line::url).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(crawl.pages()).allMatch(page -> page.number("status") == 200);
      assertThat(crawl.warcResponses()).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(crawl.pages().stream().filter(page -> page.url().equals(web.url("far", "/"))))
          .singleElement()
          .satisfies(
              page ->
                  assertThat(page.values("redirects"))
                      .isEqualTo(List.of(web.url("far", "/"), web.url("gate", "/go"))));
      assertThat(ends(crawl, web.url("self", "/"))).containsExactly("page ok");
      assertThat(ends(crawl, web.url("far", "/")))
          .containsExactlyInAnyOrder("redirected redirect", "page ok");
      assertThat(ends(crawl, web.url("gate", "/go"))).containsExactly("redirected redirect");
      assertThat(ends(crawl, web.url("robots", "/private")))
          .containsExactly("robots-denied robots-disallow");
      assertThat(ends(crawl, web.url("never", "/"))).containsExactly("failed too-many-redirects");
      assertThat(web.asked().get(web.url("never", "/"))).isEqualTo(11);
      assertThat(ends(crawl, web.url("loop", "/"))).containsExactly("failed redirect-loop");
      assertThat(web.asked().get(web.url("loop", "/"))).isEqualTo(1);
      assertThat(ends(crawl, web.url("two", "/b"))).containsExactly("failed redirect-loop");
      assertThat(leaked).isEmpty();
      assertThat(robots).containsExactly("", "r=1");
    }
  }

  private static List<String> ends(CrawlDir crawl, String url) throws IOException {
    return crawl.crawlLog().stream()
        .filter(line -> line.url().equals(url))
        .map(line -> line.text("outcome") + " " + line.text("reason"))
        .toList();
  }

  private void robots(Talk talk) throws IOException {
    if (!talk.host().equals("robots")) {
      talk.head(404, "text/plain", 0);
      return;
    }
    robots.add(talk.cookies());
    if (talk.cookies().equals("r=1")) {
      talk.text("User-agent: *\nDisallow: /private\n");
    } else {
      talk.redirect("/robots.txt", "r=1; Path=/; HttpOnly");
    }
  }

  private void answer(Talk talk) throws IOException {
    String cookies = talk.cookies();
    switch (talk.host() + talk.path()) {
      case "through/" -> {
        if (cookies.equals("t=1; u=2")) {
          talk.links(List.of());
        } else {
          talk.redirect("/check?to=/");
        }
      }
      case "through/check?to=/" -> talk.redirect("/", "t=1; Path=/", "u=2; Max-Age=60; Path=/");
      case "far/" -> {
        if (cookies.equals("f=1")) {
          talk.links(List.of());
        } else {
          talk.redirect(talk.peer("gate", "/go"), "f=1");
        }
      }
      case "gate/go" -> {
        leaked.addAll(cookies.isEmpty() ? List.of() : List.of(cookies));
        talk.redirect(
            talk.peer("far", "/"), "g=1; Path=/", "f=9; Domain=far.test", "f=9; Domain=test");
      }
      case "session/" -> {
        if (cookies.equals("s=1")) {
          talk.links(List.of());
        } else {
          talk.redirect("/login;jsessionid=4711", "s=1; Path=/");
        }
      }
      case "session/login" -> { // the crawler strips the session id
        if (cookies.equals("s=1")) {
          talk.redirect("/");
        } else {
          talk.head(403, "text/plain", 0);
        }
      }
      case "dom/" -> talk.redirect(talk.peer("www.dom", "/"), "d=1; Domain=.dom.test");
      case "www/" -> {
        if (cookies.equals("d=1; w=2")) {
          talk.links(List.of());
        } else {
          talk.redirect("/", "w=2");
        }
      }
      case "never/" -> talk.redirect("/", "n=" + System.nanoTime());
      case "loop/" -> talk.redirect("/");
      case "two/a" -> talk.redirect("/b");
      case "two/b" -> talk.redirect("/a");
      default -> self(talk);
    }
  }

  /** Serves pages that each require the cookie. */
  private static void self(Talk talk) throws IOException {
    if (talk.cookies().equals("seen=1")) {
      talk.links(IntStream.range(0, PAGES).mapToObj(page -> "/" + page).toList());
    } else {
      talk.redirect(talk.path(), "seen=1; path=/", "gone=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
    }
  }
}
