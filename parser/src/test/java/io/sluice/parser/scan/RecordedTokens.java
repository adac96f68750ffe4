package io.sluice.parser.scan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records tokens in the form of html5lib-tests. */
final class RecordedTokens implements TokenSink {

  /** Stands for an identifier that is missing from a document type. */
  static final Object NULL = "(null)";

  private final List<Object> tokens = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private final Map<Object, Object> attributes = new LinkedHashMap<>();
  private final CharacterReferences references = new CharacterReferences();

  private final class AnyTag extends TagToken {

    private char[] page = new char[0];
    private boolean closed;

    AnyTag() {
      super(new CharacterReferences());
    }

    @Override
    void begin(char[] buffer, Tag named, int from, int to) {
      super.begin(buffer, named, from, to);
      page = buffer;
      attributes.clear();
      closed = false;
    }

    @Override
    boolean keepsAttributes() {
      return true;
    }

    @Override
    void attribute(int from, int to, int valueStart, int valueEnd) {
      super.attribute(from, to, valueStart, valueEnd);
      String name = lower(new String(page, from, to - from));
      attributes.putIfAbsent(name, references.attributeValue(page, valueStart, valueEnd));
    }

    @Override
    void selfClosing(boolean ends) {
      super.selfClosing(ends);
      closed = ends;
    }
  }

  private final AnyTag tag = new AnyTag();

  TagToken tag() {
    return tag;
  }

  List<Object> tokens() {
    flush();
    return tokens;
  }

  private void flush() {
    if (!text.isEmpty()) {
      tokens.add(List.of("Character", text.toString()));
      text.setLength(0);
    }
  }

  private static String lower(String name) {
    StringBuilder lower = new StringBuilder();
    name.chars().forEach(c -> lower.append(AsciiCase.lower((char) c)));
    return lower.toString().replace('\0', '\uFFFD');
  }

  @Override
  public void page(char[] buffer) {}

  @Override
  public TextType startTag(TagToken token) {
    flush();
    List<Object> start =
        new ArrayList<>(
            List.of("StartTag", lower(token.toString()), new LinkedHashMap<>(attributes)));
    if (tag.closed) {
      start.add(true);
    }
    tokens.add(start);
    if (!token.tag().equals(Tag.OTHER)) {
      assertKnown(token);
    }
    return TextType.DATA;
  }

  private static void assertKnown(TagToken token) {
    if (!token.tag().word().equals(token.toString().toLowerCase(Locale.ROOT))) {
      throw new AssertionError(token + " is taken for " + token.tag());
    }
  }

  @Override
  public void endTag(TagToken token) {
    flush();
    tokens.add(List.of("EndTag", lower(token.toString())));
  }

  @Override
  public void namelessEndTag() {}

  @Override
  public void characters(char[] buffer, int from, int to) {
    text.append(buffer, from, to - from);
  }

  @Override
  public void nul() {
    text.append('\0');
  }

  @Override
  public void comment(char[] buffer, int from, int to) {
    flush();
    tokens.add(List.of("Comment", new String(buffer, from, to - from).replace('\0', '\uFFFD')));
  }

  @Override
  public void doctype(Doctype doctype) {
    flush();
    tokens.add(
        List.of(
            "DOCTYPE",
            orNull(doctype.name()),
            orNull(doctype.publicId()),
            orNull(doctype.systemId()),
            !doctype.forcesQuirks()));
  }

  private static Object orNull(@Nullable String text) {
    return text == null ? NULL : text;
  }

  @Override
  public boolean allowsCdata() {
    return false;
  }

  @Override
  public boolean stopped() {
    return false;
  }

  @Override
  public void end() {
    flush();
  }
}
