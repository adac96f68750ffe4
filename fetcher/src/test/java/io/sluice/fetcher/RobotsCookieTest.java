package io.sluice.fetcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.Settlement;
import io.sluice.fetcher.testing.HostileServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The robots.txt files of sites that admit only clients with their cookies. */
final class RobotsCookieTest extends CookieFixture {

  private Settlement visitRefused(HostileServer server) throws Exception {
    settings.obeyRobots = true;
    reopen();
    assertThat(crawl(server.url("/private"))).isNull();
    return settlements.getLast();
  }

  @Test
  void aWallBeforeRobotsTxtLetsInToo() throws Exception {
    HostileServer server =
        server(
            request ->
                request.equals("/robots.txt a=1") ? RULES : redirect("/robots.txt", "a=1; Path=/"));
    visitRefused(server);
    assertThat(reason()).isEqualTo("robots-disallow");
    assertThat(asked).containsExactly("/robots.txt ", "/robots.txt a=1");
  }

  @Test
  void robotsTxtBehindAnotherUrlIsReadWithTheCookiesOfItsChain() throws Exception {
    HostileServer server =
        server(
            request ->
                switch (request) {
                  case "/robots.txt " -> redirect("/check", "a=1; Path=/");
                  case "/check a=1" -> redirect("/robots.txt", "b=2");
                  case "/robots.txt a=1; b=2" -> RULES;
                  default -> throw new IllegalArgumentException(request);
                });
    visitRefused(server);
    assertThat(reason()).isEqualTo("robots-disallow");
    assertThat(asked).hasSize(3);
  }

  @Test
  void robotsTxtOverHttpMayLeadTwiceToTheOneOverHttps() throws Exception {
    servers(true);
    visitRefused(servers.getLast());
    assertThat(reason()).isEqualTo("robots-disallow");
    assertThat(asked).hasSize(4);
  }

  @Test
  void aWallBeforeRobotsTxtThatNeverLetsInMeansNoRules() throws Exception {
    List<String> given = new ArrayList<>();
    HostileServer server =
        server(
            request -> {
              given.add("x");
              return request.startsWith("/robots")
                  ? redirect("/robots.txt", "n=" + given.size())
                  : IN;
            });
    settings.obeyRobots = true;
    reopen();
    assertThat(crawl(server.url("/x"))).isNotNull();
    assertThat(asked).as("five redirects, and the page without their cookies").hasSize(7);
    assertThat(asked.getLast()).isEqualTo("/x ");
  }
}
