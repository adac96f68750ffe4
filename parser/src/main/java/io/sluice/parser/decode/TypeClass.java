package io.sluice.parser.decode;

import java.util.Locale;

/** Classes of content types, few enough to be a metric's label. */
public enum TypeClass {
  HTML,
  XML,
  JSON,
  TEXT,
  PDF,
  IMAGE,
  AUDIO,
  VIDEO,
  FONT,
  /** Any other type. */
  OTHER,
  /** A body whose type is neither stated nor recognised, or an empty one. */
  UNKNOWN;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** The class as metrics spell it. */
  public String word() {
    return word;
  }

  /**
   * The class of a type.
   *
   * @param essence type and subtype, lower case (MIME Sniffing, 4.2); empty if unknown
   */
  public static TypeClass of(String essence) {
    return switch (essence) {
      case "" -> UNKNOWN;
      case "text/html", "application/xhtml+xml" -> HTML;
      case "text/xml", "application/xml" -> XML;
      case "application/json", "text/json" -> JSON;
      case "application/pdf" -> PDF;
      default -> ofFamily(essence);
    };
  }

  private static TypeClass ofFamily(String essence) {
    int slash = essence.indexOf('/');
    return switch (slash < 0 ? essence : essence.substring(0, slash)) {
      case "image" -> IMAGE; // SVG too, though it is XML
      case "audio" -> AUDIO;
      case "video" -> VIDEO;
      case "font" -> FONT;
      case String _ when essence.endsWith("+xml") -> XML;
      case String _ when essence.endsWith("+json") -> JSON;
      case "text" -> TEXT;
      default -> OTHER;
    };
  }
}
