package io.sluice.parser.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** State that a scanner keeps from one page to the next. */
final class PageScannerTest {

  private static final String LONG = "x".repeat(2 * Tokenizer.KEPT_CHARACTERS);

  private final Buffers seen = new Buffers();
  private final PageScanner scanner = new PageScanner(seen, tag -> false);

  /** Remembers the buffer in which a page's text arrived, and fails on demand. */
  private static final class Buffers implements PageEvents {
    private @Nullable WeakReference<char[]> buffer;
    private boolean failing;

    @Override
    public void start(Tag tag, Namespace namespace, TagToken token) {
      if (tag == Tag.BR && failing) {
        throw new IllegalStateException("as asked");
      }
    }

    @Override
    public void end(Tag tag, Namespace namespace) {}

    @Override
    public void text(char[] text, int from, int to) {}

    @Override
    public int run(char[] text, int from) {
      buffer = new WeakReference<>(text);
      return TextRun.end(text, from);
    }

    @Override
    public void code(char[] text, int from, int to) {}
  }

  private void theBufferIsGivenUp() {
    await()
        .until(
            () -> {
              System.gc();
              WeakReference<char[]> last = seen.buffer;
              return last != null && last.get() == null;
            });
  }

  @Test
  void aLongPagesBufferIsGivenUpAfterIt() {
    assertThat(scanner.scan("<p>" + LONG + "<a href=x y='z'>")).isTrue();
    theBufferIsGivenUp();
  }

  @Test
  void soIsThatOfAPageThatIsLeftToATree() {
    assertThat(scanner.scan("<p>" + LONG + "<table>y")).isFalse();
    theBufferIsGivenUp();
  }

  @Test
  void soIsThatOfAPageOnWhichItsReaderFails() {
    seen.failing = true;
    assertThatThrownBy(() -> scanner.scan("<p>" + LONG + "<br>")).hasMessage("as asked");
    theBufferIsGivenUp();
  }

  /**
   * The stack counts open elements by this index, and a tag stores its values by it, so no two may
   * be equal.
   */
  @Test
  void everyTagAndAttributeHasAPlaceOfItsOwn() {
    assertThat(Arrays.stream(Tag.values()).mapToInt(Tag::place))
        .containsExactlyElementsOf(IntStream.range(0, Tag.values().length).boxed().toList());
    assertThat(Arrays.stream(Attribute.values()).mapToInt(Attribute::place))
        .containsExactlyElementsOf(IntStream.range(0, Attribute.values().length).boxed().toList());
  }
}
