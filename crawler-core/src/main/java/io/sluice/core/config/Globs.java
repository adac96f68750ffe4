package io.sluice.core.config;

import java.util.regex.Pattern;

/** Finds shell globs that were written where regular expressions are expected. */
public final class Globs {

  /** The remedy, as a clause. */
  public static final String REMEDY =
      "it looks like a glob: in a regular expression .* stands for any text and \\. for a dot";

  /** A star that repeats nothing, or repeats a slash or a star, or precedes a suffix. */
  private static final Pattern GLOB =
      Pattern.compile("^\\*|/\\*(?![?+*])|(?<!\\\\)\\*\\*|[A-Za-z0-9]\\*\\.[a-z0-9]+$");

  private Globs() {}

  /** Whether a text is more likely a glob than a regular expression. */
  public static boolean looksLike(String pattern) {
    return GLOB.matcher(pattern).find();
  }
}
