package io.sluice.parser.markdown;

import java.util.Random;

/** Makes pages of random blocks, with texts that would mean something in Markdown. */
final class RandomPages {

  private static final String[] WORDS = {
    "a",
    "foo bar",
    "1.",
    "2)",
    "1986. A",
    "-",
    "+",
    "*",
    "#",
    "##",
    "=",
    "---",
    "===",
    "~~~",
    "```",
    "`",
    "_",
    "snake_case_x",
    "__x__",
    "*x*",
    "[l]",
    "(x)",
    "&lt;b>",
    "&amp;amp;",
    "&amp;copy;",
    "&copy;",
    "!",
    "|",
    "a | b",
    ":--",
    "\\",
    "\\*",
    "https://x.test",
    "\u00e4\u00f6",
    "\u3042",
    ".",
    "\"q\"",
    "'",
    "\u00a0",
    "x_",
    "_y",
    "{",
    "$",
    "\ud83d\ude00"
  };

  private static final String[] REFERENCES = {
    "/x", "?a=1&amp;b=2;", "#f", "/p(1)", "/a\\b*_", "mailto:x", "/<x>", "?x=&amp;amp;y"
  };

  private final Random random;

  RandomPages(long seed) {
    random = new Random(seed);
  }

  String page() {
    return blocks(3);
  }

  private String blocks(int depth) {
    StringBuilder page = new StringBuilder();
    for (int count = 1 + random.nextInt(3); count > 0; count--) {
      page.append(block(random.nextInt(depth > 0 ? 14 : 3), depth - 1));
    }
    return page.toString();
  }

  private String block(int kind, int depth) {
    return switch (kind) {
      case 0, 1 -> "<p>" + inline(2) + "</p>";
      case 2 -> heading(1 + random.nextInt(6));
      case 3 -> "<ul><li>" + blocks(depth) + "<li>" + blocks(depth) + "</ul>";
      case 4 ->
          "<ol start=%d><li>%s<li>%s</ol>".formatted(random.nextInt(12), blocks(depth), inline(1));
      case 5 -> "<blockquote>" + blocks(depth) + "</blockquote>";
      case 6 ->
          "<pre><code class=language-java>%s\n  %s\n\n%s</code></pre>"
              .formatted(text(), text(), text());
      case 7 -> "<hr>";
      case 8 ->
          "<table><tr><th>%s<th>%s<tr><td>%s<td>%s<td>%s</table>"
              .formatted(inline(1), inline(1), inline(1), inline(1), inline(0));
      case 9 -> inline(2);
      case 10 -> "<ul><li>%s<ul><li>%s</ul><li>%s</ul>".formatted(inline(1), inline(1), inline(1));
      case 11 -> "<div>" + blocks(depth) + "</div>";
      case 12 -> "<a href=/k>" + blocks(depth) + "</a>";
      default -> "<ul><ul><li>" + inline(1) + "</ul></ul>";
    };
  }

  private String heading(int level) {
    return "<h%d>%s</h%d>".formatted(level, inline(2), level);
  }

  private String inline(int depth) {
    StringBuilder page = new StringBuilder();
    for (int count = 1 + random.nextInt(4); count > 0; count--) {
      page.append(run(depth > 0 ? random.nextInt(9) : 8, depth - 1));
      page.append(random.nextInt(3) == 0 ? " " : "");
    }
    return page.toString();
  }

  private String run(int kind, int depth) {
    return switch (kind) {
      case 0 -> "<b>" + inline(depth) + "</b>";
      case 1 -> "<em>" + inline(depth) + "</em>";
      case 2 -> "<code>" + text() + "</code>";
      case 3 ->
          "<a href='%s'>%s</a>"
              .formatted(REFERENCES[random.nextInt(REFERENCES.length)], inline(depth));
      case 4 -> "<br>";
      case 5 -> "<img src=/i.png alt='" + text().replace("'", "") + "'>";
      case 6 -> "<span>" + inline(depth) + "</span>";
      default -> text();
    };
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int count = 1 + random.nextInt(3); count > 0; count--) {
      text.append(WORDS[random.nextInt(WORDS.length)]);
      text.append(random.nextBoolean() ? random.nextInt(4) == 0 ? "\n" : " " : "");
    }
    return text.toString();
  }
}
