package io.sluice.fetcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.Lease;
import io.sluice.core.lease.Settlement;
import io.sluice.core.message.Page;
import io.sluice.fetcher.testing.HostileServer;
import io.sluice.fetcher.testing.RecordingDesk.End;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sites that admit only clients with their cookies, on real sockets. */
final class FetcherCookieTest extends CookieFixture {

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void aRedirectToItselfThatSetsACookieIsAskedAgainWithIt(int status) throws Exception {
    HostileServer server =
        server(
            request ->
                request.equals("/x?y seen=1") ? IN : redirect(status, "?y#part", "seen=1; path=/"));
    Page page = Objects.requireNonNull(crawl(server.url("/x?y")));
    assertThat(new String(page.body().bytes(), StandardCharsets.UTF_8))
        .isEqualTo("behind the wall");
    assertThat(page.url()).isEqualTo(server.url("/x?y"));
    assertThat(page.redirects()).containsExactly(server.url("/x?y"));
    assertThat(page.requestHead()).endsWith("\r\nCookie: seen=1");
    assertThat(settlements).containsExactly(new Settlement.HopBack());
    assertThat(asked).containsExactly("/x?y ", "/x?y seen=1");
  }

  @Test
  void cookiesOfSeveralFieldsAndHopsComeTogether() throws Exception {
    HostileServer server =
        server(
            request ->
                switch (request) {
                  case "/p/ " -> redirect("/p/", "a=1", "b=2; Path=/");
                  case "/p/ a=1; b=2" -> redirect("/p/", "c=3", "b=; Max-Age=0; Path=/");
                  case "/p/ a=1; c=3" -> IN;
                  default -> throw new IllegalArgumentException(request);
                });
    assertThat(crawl(server.url("/p/"))).isNotNull();
    assertThat(asked).hasSize(3);
  }

  @Test
  void theWayThroughAnotherUrlLeadsBackWithItsCookie() throws Exception {
    HostileServer server =
        server(
            request ->
                switch (request) {
                  case "/a " -> redirect("/session/begin?to=/a", "a=1");
                  case "/session/begin?to=/a a=1" -> redirect("/a", "b=2; Path=/");
                  case "/a a=1; b=2" -> IN;
                  default -> throw new IllegalArgumentException(request);
                });
    Page page = Objects.requireNonNull(crawl(server.url("/a")));
    assertThat(page.url()).isEqualTo(server.url("/a"));
    assertThat(page.via()).isNotNull();
    assertThat(page.redirects())
        .containsExactly(server.url("/a"), server.url("/session/begin?to=/a"));
    assertThat(asked).hasSize(3);
  }

  @Test
  void aWallBehindTheWayToHttpsMaySetASecureCookie() throws Exception {
    HostileServer secure =
        server(
            Objects.requireNonNull(secureSockets),
            request ->
                request.equals("/ s=1") ? IN : redirect("/", "s=1; Secure", "no=1; Path=/x"));
    HostileServer plain =
        server(_ -> redirect("https://127.0.0.1:" + secure.port() + "/", "lost=1; Secure"));
    Page page = Objects.requireNonNull(crawl(plain.url("/")));
    assertThat(page.url()).startsWith("https:");
    assertThat(asked).containsExactly("/ ", "/ ", "/ s=1");
  }

  @Test
  void aSecureCookieIsForTheSecondWayThroughHttp() throws Exception {
    servers(false);
    Page page = Objects.requireNonNull(crawl(servers.getLast().url("/")));
    assertThat(page.url()).startsWith("https:");
    assertThat(asked).containsExactly("/ ", "/ ", "/ ", "/ s=1");
  }

  @Test
  void anotherHostOfTheChainGetsNoneOfTheCookies() throws Exception {
    HostileServer other = server(_ -> IN);
    HostileServer server =
        server(_ -> redirect("http://127.0.0.2:1/", "a=1", "b=2; Domain=127.0.0.2"));
    assertThat(crawl(server.url("/"))).isNull();
    HostileServer named =
        server(_ -> redirect("http://localhost:" + other.port() + "/", "a=1; Domain=localhost"));
    crawl(named.url("/"));
    assertThat(asked).allMatch(request -> request.equals("/ "));
  }

  @Test
  void aWallThatNeverLetsInEndsAfterMaxRedirects() throws Exception {
    List<String> given = new ArrayList<>();
    HostileServer server =
        server(
            _ -> {
              given.add("x");
              return redirect("/", "n=" + given.size());
            });
    assertThat(crawl(server.url("/"))).isNull();
    assertThat(reason()).isEqualTo("too-many-redirects");
    assertThat(asked).hasSize(settings.maxRedirects + 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"unset", "a=1", "a=1; Path=/elsewhere", "a=1; Domain=com", "a=\u0001"})
  void theSameRequestIsNotMadeTwiceInAChain(String cookie) throws Exception {
    HostileServer server =
        server(_ -> cookie.equals("unset") ? redirect("/") : redirect("/", cookie));
    assertThat(crawl(server.url("/"))).isNull();
    assertThat(reason()).isEqualTo("redirect-loop");
    assertThat(asked).hasSize(cookie.startsWith("a=1") && !cookie.contains("com") ? 2 : 1);
  }

  @Test
  void aLoopOfTwoIsSaidToBeOne() throws Exception {
    HostileServer server = server(request -> redirect(request.startsWith("/a") ? "/b" : "/a"));
    assertThat(crawl(server.url("/a"))).isNull();
    assertThat(reason()).isEqualTo("redirect-loop");
    assertThat(asked).containsExactly("/a ", "/b ");
  }

  @Test
  void afterARestartAChainGoesOnWithoutItsCookiesAndIsStillBounded() throws Exception {
    HostileServer server = server(request -> request.equals("/ a=1") ? IN : redirect("/", "a=1"));
    Lease first = desk.lease(server.url("/"));
    fetcher.take(first);
    End end = desk.endOf(first);
    assertThat(end).isEqualTo(new End.Settled(new Settlement.HopBack()));
    reopen();
    Lease lease = Objects.requireNonNull(next(first, new Settlement.HopBack()));
    fetcher.take(lease);
    assertThat(desk.endOf(lease)).isEqualTo(end);
    lease = Objects.requireNonNull(next(lease, new Settlement.HopBack()));
    fetcher.take(lease);
    assertThat(desk.endOf(lease)).isEqualTo(new End.Outstanding(1));
    assertThat(asked).containsExactly("/ ", "/ ", "/ a=1");
  }

  @Test
  void aVisitThatIsRepeatedKeepsItsCookies() throws Exception {
    List<String> busy = new ArrayList<>(List.of("once"));
    HostileServer server =
        server(
            request -> {
              if (!request.equals("/ a=1")) {
                return redirect("/", "a=1");
              }
              return busy.isEmpty() ? IN : HostileServer.response(503, busy.removeFirst());
            });
    Lease first = desk.lease(server.url("/"));
    fetcher.take(first);
    desk.endOf(first);
    List<String> chain = List.of(server.url("/"));
    Lease second = desk.lease(server.url("/"), 1, chain);
    fetcher.take(second);
    assertThat(((End.Settled) desk.endOf(second)).settlement())
        .isInstanceOf(Settlement.Retry.class);
    Lease third = desk.lease(server.url("/"), 2, chain);
    fetcher.take(third);
    assertThat(desk.endOf(third)).isEqualTo(new End.Outstanding(1));
    Lease later = desk.lease(server.url("/"), 1, chain);
    fetcher.take(later);
    desk.endOf(later);
    assertThat(asked).as("the chain is over").endsWith("/ a=1", "/ ");
  }
}
