package io.sluice.core.purge;

import io.sluice.core.members.MemberReader;
import io.sluice.core.purge.MemberFilter.Verdict;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Removes the unwanted lines of a file. Only the beginning of each line is read and held, however
 * long it is. Counts the removed lines. Used for one file, on one thread.
 */
public final class LineJudge implements MemberFilter.Judge {

  /** Maximum length of a line's beginning, in bytes; longer than the longest URL. */
  private static final int BEGINNING_BYTES = 160 << 10;

  private final Predicate<String> unwanted;
  private final byte[] beginning = new byte[BEGINNING_BYTES];
  private final byte[] chunk = new byte[32 << 10];
  private long found;

  /**
   * @param unwanted tests the beginning of a line; true removes the whole line
   */
  public LineJudge(Predicate<String> unwanted) {
    this.unwanted = unwanted;
  }

  /** The number of lines removed so far. */
  public long found() {
    return found;
  }

  @Override
  public Verdict judge(MemberReader member) throws IOException {
    Lines lines = new Lines(null);
    read(member, lines);
    found += lines.dropped;
    if (lines.dropped == 0) {
      return Verdict.KEEP;
    }
    return lines.kept == 0 ? Verdict.DROP : Verdict.REWRITE;
  }

  @Override
  public void rewrite(MemberReader member, OutputStream to) throws IOException {
    read(member, new Lines(to));
  }

  private void read(MemberReader member, Lines lines) throws IOException {
    for (int read = member.read(chunk, 0, chunk.length);
        read >= 0;
        read = member.read(chunk, 0, chunk.length)) {
      lines.add(read);
    }
    lines.end();
  }

  /** Splits its input into lines and passes on those that stay. */
  private final class Lines {

    private final @Nullable OutputStream to;
    private int held;
    private boolean decided;
    private boolean goes;
    private long kept;
    private long dropped;

    Lines(@Nullable OutputStream to) {
      this.to = to;
    }

    /** Takes the first {@code count} bytes of the chunk. */
    void add(int count) throws IOException {
      for (int from = 0; from < count; ) {
        int end = from;
        while (end < count && chunk[end] != '\n') {
          end++;
        }
        boolean lineEnds = end < count;
        end += lineEnds ? 1 : 0;
        addPart(from, end);
        if (lineEnds) {
          endLine();
        }
        from = end;
      }
    }

    private void addPart(int from, int end) throws IOException {
      int taken = decided ? 0 : Math.min(end - from, BEGINNING_BYTES - held);
      System.arraycopy(chunk, from, beginning, held, taken);
      held += taken;
      if (!decided && held == BEGINNING_BYTES) {
        decide();
      }
      if (decided) {
        pass(chunk, from + taken, end - from - taken);
      }
    }

    private void decide() throws IOException {
      decided = true;
      goes = unwanted.test(new String(beginning, 0, held, StandardCharsets.ISO_8859_1));
      kept += goes ? 0 : 1;
      dropped += goes ? 1 : 0;
      pass(beginning, 0, held);
    }

    private void pass(byte[] bytes, int from, int count) throws IOException {
      if (to != null && !goes) {
        to.write(bytes, from, count);
      }
    }

    private void endLine() throws IOException {
      if (!decided) {
        decide();
      }
      held = 0;
      decided = false;
      goes = false;
    }

    /** Judges a last line that has no line feed. */
    void end() throws IOException {
      if (held > 0) {
        endLine();
      }
    }
  }
}
