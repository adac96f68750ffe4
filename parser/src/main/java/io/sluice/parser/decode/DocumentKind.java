package io.sluice.parser.decode;

import java.util.Set;

/** The way in which a body is read. */
public enum DocumentKind {
  HTML,
  /** XML, XHTML included. */
  XML,
  /** Text without markup. */
  PLAIN,
  /** Not text. */
  OTHER;

  /** Types of text that is not meant for people. */
  private static final Set<String> CODE =
      Set.of("text/css", "text/javascript", "text/ecmascript", "text/x-javascript");

  /** Types of text whose names do not begin with {@code text/}. */
  private static final Set<String> TEXT =
      Set.of("application/json", "application/x-ndjson", "application/ndjson", "application/csv");

  /** The kind of a body of the given type. */
  public static DocumentKind of(ContentType type) {
    String essence = type.essence();
    if (isXml(essence)) {
      return XML;
    }
    if (type.isHtml()) {
      return HTML;
    }
    boolean text = essence.startsWith("text/") && !CODE.contains(essence);
    return text || TEXT.contains(essence) || essence.endsWith("+json") ? PLAIN : OTHER;
  }

  private static boolean isXml(String essence) {
    return essence.endsWith("+xml")
        || essence.equals("application/xml")
        || essence.equals("text/xml");
  }
}
