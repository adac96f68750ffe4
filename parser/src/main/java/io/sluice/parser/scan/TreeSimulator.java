package io.sluice.parser.scan;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;

/**
 * Follows tree construction (HTML standard, 13.2.6) with the stack of open elements but without a
 * tree: determines how the tokenizer continues, and reports to {@link PageEvents} which elements
 * begin and end. It does what jsoup does: the standard with scripting off, except that the content
 * of {@code noscript} is taken as written.
 *
 * <p>Gives up, so that the page needs a tree, on content that is rare or out of source order:
 * content moved by a table's foster parenting, framesets, scripts in SVG, {@code annotation-xml},
 * hundreds of open elements. Confined to its scanner's thread.
 */
final class TreeSimulator implements TokenSink {

  private final OpenElements stack;
  private final FormattingElements formatting = new FormattingElements();
  private final Deque<Mode> templateModes = new ArrayDeque<>();
  private final Map<Tag, TagToken> implied = new EnumMap<>(Tag.class);
  private final TextModes text;
  private final NoscriptIsland noscript;
  private final ForeignContent foreign;
  private final HeadModes head;
  private final BodyStartTags bodyStart;
  private final BodyEndTags bodyEnd;
  private final TableModes tables;
  private Mode mode = Mode.INITIAL;
  private Mode original = Mode.INITIAL;
  private TextType next = TextType.DATA;
  private int form = OpenElements.NONE;
  private boolean quirks;
  private boolean gaveUp;

  TreeSimulator(PageEvents events) {
    this.stack = new OpenElements(events);
    this.noscript = new NoscriptIsland(this);
    this.text = new TextModes(this, events);
    this.foreign = new ForeignContent(this);
    this.head = new HeadModes(this);
    this.bodyStart = new BodyStartTags(this);
    this.bodyEnd = new BodyEndTags(this);
    this.tables = new TableModes(this);
  }

  /** Forgets the previous page. */
  void clear() {
    stack.clear();
    formatting.clear();
    templateModes.clear();
    noscript.clear();
    head.clear();
    mode = Mode.INITIAL;
    original = Mode.INITIAL;
    form = OpenElements.NONE;
    quirks = false;
    text.keepLineFeed();
    gaveUp = false;
  }

  /** Whether the page needs a tree. */
  boolean needsTree() {
    return gaveUp
        || stack.overflown()
        || formatting.overflown()
        || formatting.doubtful()
        || formatting.shown();
  }

  @Override
  public boolean stopped() {
    return needsTree();
  }

  /** Gives up: the page needs a tree. */
  void giveUp() {
    gaveUp = true;
  }

  OpenElements stack() {
    return stack;
  }

  FormattingElements formatting() {
    return formatting;
  }

  Mode mode() {
    return mode;
  }

  void mode(Mode entered) {
    mode = entered;
  }

  HeadModes head() {
    return head;
  }

  BodyStartTags bodyStart() {
    return bodyStart;
  }

  BodyEndTags bodyEnd() {
    return bodyEnd;
  }

  NoscriptIsland noscript() {
    return noscript;
  }

  /** The serial number of the open form, wherever it is. */
  int form() {
    return form;
  }

  void form(int serial) {
    form = serial;
  }

  /** Handles a page without a document type. */
  void withoutDoctype() {
    quirks = true;
    mode = Mode.BEFORE_HTML;
  }

  boolean quirks() {
    return quirks;
  }

  boolean inTemplate() {
    return stack.isOpen(Tag.TEMPLATE);
  }

  Deque<Mode> templateModes() {
    return templateModes;
  }

  /** A tag without attributes. */
  TagToken tag(Tag tag) {
    return implied.computeIfAbsent(tag, TagToken::implied);
  }

  void skipLineFeed() {
    text.skipLineFeed();
  }

  void open(TagToken token) {
    stack.push(token.tag(), Namespace.HTML, token);
  }

  void openAndClose(TagToken token) {
    stack.pushAndPop(token.tag(), Namespace.HTML, token);
  }

  /** Opens an element whose content is text. */
  void openText(TagToken token, TextType type) {
    original = mode;
    mode = Mode.TEXT;
    next = type;
    open(token);
  }

  /** Treats everything that follows as text. */
  void plaintext() {
    next = TextType.PLAINTEXT;
  }

  void reconstruct() {
    formatting.reconstruct(stack);
  }

  @Override
  public void page(char[] buffer) {
    stack.page(buffer);
    formatting.page(buffer);
  }

  @Override
  public TextType startTag(TagToken token) {
    text.keepLineFeed();
    next = TextType.DATA;
    start(token);
    return next;
  }

  /** Processes a start tag, or processes it again in another mode. */
  void start(TagToken token) {
    if (noscript.isOpen()) {
      noscript.start(token);
    } else if (usesForeignRules() && !isIntegrated(token)) {
      foreign.start(token);
    } else {
      startInMode(token);
    }
  }

  /** Whether the current node is foreign: SVG or MathML. */
  boolean usesForeignRules() {
    return stack.size() > 0 && !stack.isHtml(stack.size() - 1);
  }

  private boolean isIntegrated(TagToken token) {
    return stack.inHtmlIntegration()
        || (stack.inTextIntegration()
            && token.tag() != Tag.MGLYPH
            && token.tag() != Tag.MALIGNMARK);
  }

  /** Processes a start tag by the rules of the mode, whatever the current node is. */
  void startInMode(TagToken token) {
    switch (mode) {
      case INITIAL -> {
        withoutDoctype();
        start(token);
      }
      case BEFORE_HTML, BEFORE_HEAD, IN_HEAD, AFTER_HEAD -> head.start(token);
      case IN_BODY -> bodyStart.start(token);
      case AFTER_BODY, AFTER_AFTER_BODY -> {
        if (token.tag() == Tag.HTML) {
          bodyStart.start(token);
        } else {
          backToBody();
          start(token);
        }
      }
      case IN_TEMPLATE -> tables.startInTemplate(token);
      case TEXT -> throw new IllegalStateException("no tag starts in the text of an element");
      default -> tables.start(token);
    }
  }

  /** Returns to the body, for content after its end. */
  void backToBody() {
    if (!stack.isOpen(Tag.BODY)) {
      giveUp();
    }
    mode = Mode.IN_BODY;
  }

  @Override
  public void endTag(TagToken token) {
    text.keepLineFeed();
    if (mode == Mode.TEXT) {
      stack.pop();
      mode = original;
    } else {
      end(token);
    }
  }

  /** Not a token, so the text before and after it is joined, as in jsoup. */
  @Override
  public void namelessEndTag() {
    if (mode == Mode.AFTER_BODY || mode == Mode.AFTER_AFTER_BODY) {
      giveUp();
    }
  }

  /** Processes an end tag, or processes it again in another mode. */
  void end(TagToken token) {
    if (noscript.isOpen()) {
      noscript.end(token);
    } else if (usesForeignRules()) {
      foreign.end(token);
    } else {
      endInMode(token);
    }
  }

  /** Processes an end tag by the rules of the mode, whatever the current node is. */
  void endInMode(TagToken token) {
    switch (mode) {
      case INITIAL -> {
        withoutDoctype();
        end(token);
      }
      case BEFORE_HTML, BEFORE_HEAD, IN_HEAD, AFTER_HEAD -> head.end(token);
      case IN_BODY -> bodyEnd.end(token);
      case AFTER_BODY -> {
        if (token.tag() == Tag.HTML) {
          mode = Mode.AFTER_AFTER_BODY;
        } else {
          backToBody();
          end(token);
        }
      }
      case AFTER_AFTER_BODY -> {
        backToBody();
        end(token);
      }
      case IN_TEMPLATE -> {
        if (token.tag() == Tag.TEMPLATE) {
          head.endTemplate();
        }
      }
      case TEXT -> throw new IllegalStateException("the text of an element has one end tag");
      default -> tables.end(token);
    }
  }

  @Override
  public void characters(char[] buffer, int from, int to) {
    text.characters(buffer, from, to);
  }

  @Override
  public int run(char[] buffer, int from) {
    char first = buffer[from];
    // An empty run does not reopen formatting.
    if (first == '<' || first == '&' || first == 0 || !text.showsRuns()) {
      return TokenSink.super.run(buffer, from);
    }
    return text.run(buffer, from);
  }

  @Override
  public void nul() {
    text.nul();
  }

  @Override
  public void comment(char[] buffer, int from, int to) {
    text.keepLineFeed();
  }

  @Override
  public void doctype(Doctype doctype) {
    text.keepLineFeed();
    if (mode == Mode.INITIAL) {
      quirks =
          doctype.forcesQuirks()
              || !"html".equals(doctype.name())
              || "html".equalsIgnoreCase(doctype.publicId());
      mode = Mode.BEFORE_HTML;
    }
  }

  @Override
  public boolean allowsCdata() {
    return usesForeignRules();
  }

  @Override
  public void end() {
    stack.popTo(0);
  }
}
