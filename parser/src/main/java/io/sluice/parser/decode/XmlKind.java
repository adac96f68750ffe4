package io.sluice.parser.decode;

import java.io.StringReader;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The actual kind of a text that is declared as XML. The JDK's parser decides, because jsoup's
 * accepts anything as XML. Document type definitions are not read, so entities can neither read
 * files nor expand.
 */
public enum XmlKind {
  /** Well-formed, with a root element {@code html} of XHTML's namespace. */
  XHTML,
  /** Well-formed, but not XHTML. */
  OTHER,
  /**
   * Its root element is called {@code html}, but it is not well-formed or the element is not in
   * XHTML's namespace: HTML that only claims to be XML.
   */
  HTML,
  /** Not well-formed, with some other root element. */
  BROKEN;

  private static final String XHTML_NAMESPACE = "http://www.w3.org/1999/xhtml";

  /**
   * Maximum number of attributes of an element; a link may come after many, but no real page has
   * more.
   */
  private static final String MAX_ATTRIBUTES = "10000";

  /** Maximum length of a document that is parsed: the parser keeps every name it meets. */
  private static final int MAX_CHARACTERS = 1 << 20;

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    factory.setProperty("jdk.xml.elementAttributeLimit", MAX_ATTRIBUTES);
    return factory;
  }

  /**
   * Determines the kind of a document; one that is longer than any real one counts as not
   * well-formed. Thread-safe: a factory keeps the text that it read last, so each call has its own.
   */
  public static XmlKind of(String text) {
    boolean html = false;
    if (text.length() > MAX_CHARACTERS) {
      return beginsAsHtml(text) ? HTML : BROKEN;
    }
    try {
      XMLStreamReader reader = factory().createXMLStreamReader(new StringReader(text));
      try {
        boolean root = true;
        while (reader.hasNext()) {
          if (reader.next() == XMLStreamConstants.START_ELEMENT && root) {
            root = false;
            html =
                reader.getLocalName().equals("html")
                    && XHTML_NAMESPACE.equals(reader.getNamespaceURI());
          }
        }
        return html ? XHTML : beginsAsHtml(text) ? HTML : OTHER;
      } finally {
        reader.close();
      }
    } catch (XMLStreamException
        | RuntimeException e) { // the JDK's scanner also throws unchecked exceptions
      return html || beginsAsHtml(text) ? HTML : BROKEN;
    }
  }

  /**
   * Whether the first tag opens an {@code html} element, whatever its namespace. Comments are
   * skipped.
   */
  private static boolean beginsAsHtml(String text) {
    for (int at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
      if (text.startsWith("<!--", at)) {
        at = text.indexOf("-->", at);
        if (at < 0) {
          return false;
        }
        continue;
      }
      if (at + 1 < text.length() && Character.isLetter(text.charAt(at + 1))) {
        int end = at + 5;
        return text.regionMatches(true, at + 1, "html", 0, 4)
            && (end == text.length() || !Character.isLetterOrDigit(text.charAt(end)));
      }
    }
    return false;
  }
}
