package io.sluice.core.url;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Properties that hold for every input, checked with random strings of pieces that often break URL
 * parsers.
 */
class UrlRoundTripTest {

  private static final int ROUNDS = 30_000;

  private static final String[] PIECES = {
    "http:",
    "https:",
    "HTTP:",
    "ftp:",
    "/",
    "//",
    "\\",
    "?",
    "#",
    "@",
    ":",
    ":80",
    ":443",
    ":65535",
    ":99999",
    "..",
    ".",
    "%2e",
    "%2E%2e",
    "%",
    "%41",
    "%zz",
    "%00",
    "[",
    "]",
    "[::1]",
    "[1::2:3.4.5.6]",
    "1.2.3.4",
    "0x7f",
    "1",
    "256",
    "09",
    "example",
    "test",
    "xn--",
    "xn--bcher-kva",
    "\u00fc",
    "\u05d0",
    "\u200d",
    "\u00ad",
    "\u3002",
    "\uff0e",
    "\uff11",
    "\ud83d\ude00",
    "\ud800",
    "\udc00",
    "\ufdfa",
    "\t",
    "\n",
    " ",
    "\u0000",
    "'",
    "\"",
    "<",
    "^",
    "`",
    "{",
    "|",
    "&amp;",
    "=",
    "+",
    "-",
    "a",
    "Z",
  };

  private final Url base = requireNonNull(Url.parse("http://u@base.test:81/x/y/z?q"));

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everySerializationParsesToItself(long seed) {
    Random random = new Random(seed);
    int urls = 0;
    for (int round = 0; round < ROUNDS; round++) {
      String input = input(random);
      Url url = random.nextBoolean() ? Url.parse(input) : base.resolve(input);
      if (url != null) {
        assertSoundAndStable(url, input);
        urls++;
      }
    }
    assertThat(urls).isBetween(ROUNDS / 20, ROUNDS * 19 / 20);
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 5})
  void onlyWhatDoesNotParseIsExplained(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      String input = input(random);
      assertThat(Url.explain(input) == null).as(input).isEqualTo(Url.parse(input) != null);
    }
  }

  private void assertSoundAndStable(Url url, String input) {
    String href = url.href();
    assertThat(href).as(input).matches("https?://[!-~&&[^#]]+");
    assertSame(Url.parse(href), url, input);
    assertSame(base.resolve(href), url, input);
    assertSame(url.resolve(url.pathAndQuery().replaceFirst("^//+", "/.$0")), url, input);
  }

  private static void assertSame(@Nullable Url actual, Url expected, String input) {
    assertThat(actual).as(input).isEqualTo(expected);
    Url same = requireNonNull(actual);
    assertThat(same.host()).as(input).isEqualTo(expected.host());
    assertThat(same.port()).as(input).isEqualTo(expected.port());
    assertThat(same.path()).as(input).isEqualTo(expected.path());
    assertThat(same.origin()).as(input).isEqualTo(expected.origin());
    assertThat(same.hasCredentials()).as(input).isEqualTo(expected.hasCredentials());
  }

  private static String input(Random random) {
    StringBuilder input = new StringBuilder(random.nextInt(4) == 0 ? "" : "https://");
    int pieces = 1 + random.nextInt(9);
    for (int i = 0; i < pieces; i++) {
      input.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return input.toString();
  }
}
