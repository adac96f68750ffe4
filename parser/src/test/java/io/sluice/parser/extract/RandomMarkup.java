package io.sluice.parser.extract;

import java.util.Random;

/** Generates pages that no author would write; a seed always gives the same pages. */
final class RandomMarkup {

  private static final String[] NAMES =
      ("html head body p div span a b i em nobr font table tbody tr td th thead tfoot caption col"
           + " colgroup ul li ol dl dt dd select option optgroup input button form template script"
           + " style title textarea pre listing xmp iframe noembed noframes noscript plaintext svg"
           + " math mi mo mtext desc foreignObject annotation-xml object applet marquee h1 h2 h6 br"
           + " hr img image link meta base ruby rb rt rtc rp area wbr param source embed h3 frame"
           + " dialog address center custom-x label ins main article feMerge g mglyph u")
          .split(" ");

  private static final String[] TEXTS = {
    " ",
    "\n",
    "x",
    "word ",
    " é",
    "&amp;",
    "&notit;",
    "&#x41;",
    "&#10;",
    "&nbsp;",
    "<",
    "</",
    "<!--c-->",
    "<!-",
    "<!--",
    "-->",
    "<![CDATA[a]]>",
    "&#32;",
    "😀",
    "<!doctype html>",
    "\0",
    "--!>",
    "<?pi x>",
    "\r\n",
    "&",
    "]]>",
    "</>",
    "< ",
    "<!DOCTYPE x PUBLIC 'html'>",
    "&lt",
    "&#x80;",
    "p{b:url(m)}",
    "{\"datePublished\":\"n\",\"o\":\"http://p.test/\"}"
  };

  private static final String[] ATTRIBUTES = {
    "",
    "",
    "",
    " href=u",
    " href='/v?a&amp;b&copy=1'",
    " src=s",
    " rel=next",
    " type=hidden",
    " content='5;url=z'",
    " http-equiv=refresh",
    " lang=de",
    " color=red",
    " name=robots",
    " charset=utf-8",
    "/",
    " x='>'",
    " hreflang=\"fr\"",
    " xlink:href=w",
    " class=a",
    " encoding=text/html",
    " style='b:url(c)'",
    " srcset='d 1x, e 2x'",
    " data=f",
    " action=g",
    " type=application/ld+json",
    " itemtype='h i'",
    " property=og:title content=j",
    " name=description content=k",
    " rel='alternate nofollow'",
    " itemprop=datePublished content=l"
  };

  private final Random random;

  RandomMarkup(long seed) {
    this.random = new Random(seed);
  }

  /** A page of a few dozen tags and texts, drawn from few names so that they interact. */
  String page() {
    StringBuilder page = new StringBuilder(random.nextBoolean() ? "<!DOCTYPE html>" : "");
    String[] names = new String[4 + random.nextInt(random.nextInt(3) == 0 ? NAMES.length : 12)];
    for (int i = 0; i < names.length; i++) {
      names[i] = one(NAMES);
    }
    for (int left = 1 + random.nextInt(40); left > 0; left--) {
      switch (random.nextInt(8)) {
        case 0, 1, 2, 3 -> page.append('<').append(one(names)).append(one(ATTRIBUTES)).append('>');
        case 4, 5 -> page.append("</").append(one(names)).append('>');
        case 6 -> page.append(one(TEXTS));
        default -> page.append((char) ('a' + random.nextInt(26)));
      }
    }
    return page.toString();
  }

  /** A copy of a page with a few random changes. */
  String mutated(String page) {
    StringBuilder changed = new StringBuilder(page);
    for (int left = 1 + random.nextInt(6); left > 0 && !changed.isEmpty(); left--) {
      int at = random.nextInt(changed.length());
      switch (random.nextInt(4)) {
        case 0 -> changed.deleteCharAt(at);
        case 1 -> changed.insert(at, "<>/&!-='\" \n".charAt(random.nextInt(11)));
        case 2 -> changed.insert(at, "</" + one(NAMES) + ">");
        default -> changed.insert(at, "<" + one(NAMES) + one(ATTRIBUTES) + ">");
      }
    }
    return changed.toString();
  }

  private String one(String[] of) {
    return of[random.nextInt(of.length)];
  }
}
