package io.sluice.core.gzip;

import io.sluice.core.resource.BriefFiles;
import io.sluice.core.resource.Ledger;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Takes something out of a file of gzip members. Members of which nothing goes keep their bytes.
 * The file is replaced in one step, and durably, or not touched. Used once, on one thread.
 */
public final class MemberFilter {

  /** How names of files that are being written end; one that is found later is a leftover. */
  public static final String TEMPORARY = ".purge";

  /** What becomes of a member. */
  public enum Verdict {
    /** It stays as it is. */
    KEEP,
    /** All of it goes. */
    DROP,
    /** A part of it goes. */
    REWRITE
  }

  /** Decides. */
  public interface Judge {

    /** Says what becomes of a member that was begun, of which it reads what it needs. */
    Verdict judge(MemberReader member) throws IOException;

    /** Writes what stays of a member, which was begun again. */
    void rewrite(MemberReader member, OutputStream to) throws IOException;
  }

  /** A member's header with an extra field, which every reader passes over. */
  private static final byte[] PADDED_HEADER = {0x1f, (byte) 0x8b, 8, 4, 0, 0, 0, 0, 0, (byte) 0xff};

  /** An empty deflate stream, the checksum and the length of nothing. */
  private static final byte[] NOTHING = {3, 0, 0, 0, 0, 0, 0, 0, 0, 0};

  private static final int HEADER_BYTES = 10;
  private static final int FLAGS = 3;
  private static final int COMMENT = 16;
  private static final int BUFFER_BYTES = 64 << 10;
  private static final int PADDED_BYTES = PADDED_HEADER.length + 2 + NOTHING.length;
  private static final int MAX_EXTRA = 0xFFFF;

  private final Path file;
  private final MemberReader members;
  private final Judge judge;
  private final FileChannel source;
  private final FileChannel target;
  private final boolean sameLength;
  private long copied;
  private boolean changed;

  private MemberFilter(
      Path file,
      MemberReader members,
      Judge judge,
      FileChannel source,
      FileChannel target,
      boolean sameLength) {
    this.file = file;
    this.members = members;
    this.judge = judge;
    this.source = source;
    this.target = target;
    this.sameLength = sameLength;
  }

  /**
   * Filters a file.
   *
   * @param sameLength whether no member may change its place, for somebody has written down the
   *     file's length: then padding takes up what goes, and a member is held in memory
   * @param files who enters the open files in the ledger
   * @return whether anything was taken out
   */
  public static boolean filter(Path file, Judge judge, boolean sameLength, BriefFiles files)
      throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + TEMPORARY);
    boolean changed;
    try (MemberReader members = MemberReader.open(file, files);
        Ledger.Entry _ = files.enter(file);
        Ledger.Entry _ = files.enter(temporary);
        FileChannel source = FileChannel.open(file, StandardOpenOption.READ);
        FileChannel target =
            FileChannel.open(
                temporary,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
      MemberFilter filter = new MemberFilter(file, members, judge, source, target, sameLength);
      changed = filter.run();
      if (changed) {
        filter.finish();
      }
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
    if (changed) {
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      files.sync(file.toAbsolutePath().resolveSibling(""));
    } else {
      Files.delete(temporary);
    }
    return changed;
  }

  private boolean run() throws IOException {
    while (members.next()) {
      Verdict verdict = judge.judge(members);
      members.finish();
      if (verdict != Verdict.KEEP) {
        changed = true;
        copy(members.start());
        copied = members.end();
      }
      if (verdict == Verdict.REWRITE) {
        members.again();
        rewrite();
        members.finish();
      }
      if (sameLength && verdict != Verdict.KEEP) {
        padTo(members.end());
      }
    }
    return changed;
  }

  private void rewrite() throws IOException {
    if (!sameLength) {
      GZIPOutputStream to = new GZIPOutputStream(Channels.newOutputStream(target), BUFFER_BYTES);
      judge.rewrite(members, to);
      to.finish();
      return;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Smallest to = new Smallest(bytes)) {
      judge.rewrite(members, to);
    }
    write(bytes.toByteArray());
  }

  /** Writes a member; what it lacks to its former length, if little, is a comment in its header. */
  private void write(byte[] member) throws IOException {
    long missing = members.end() - members.start() - member.length;
    ByteBuffer bytes = ByteBuffer.allocate(member.length + PADDED_BYTES);
    if (missing > 0 && missing < PADDED_BYTES) {
      member[FLAGS] |= COMMENT;
      bytes.put(member, 0, HEADER_BYTES);
      bytes.put(" ".repeat((int) missing - 1).getBytes(StandardCharsets.US_ASCII)).put((byte) 0);
      bytes.put(member, HEADER_BYTES, member.length - HEADER_BYTES);
    } else {
      bytes.put(member);
    }
    writeFully(bytes.flip());
  }

  /** Copies what stays as it is, up to there. */
  private void copy(long end) throws IOException {
    while (copied < end) {
      copied += source.transferTo(copied, end - copied, target);
    }
  }

  private void finish() throws IOException {
    copy(members.size());
    if (target.position() == 0) {
      padTo(PADDED_BYTES); // a file of no bytes is no gzip file
    }
    target.force(true);
  }

  /** Fills the file up with empty members. */
  private void padTo(long length) throws IOException {
    long missing = length - target.position();
    if (missing < 0 || (missing > 0 && missing < PADDED_BYTES)) {
      throw new IOException(file + ": cannot be rewritten at its length");
    }
    while (missing > 0) {
      long extra = Math.min(missing - PADDED_BYTES, MAX_EXTRA);
      long left = missing - PADDED_BYTES - extra;
      extra -= left > 0 && left < PADDED_BYTES ? PADDED_BYTES : 0;
      writePadding((int) extra);
      missing -= PADDED_BYTES + extra;
    }
  }

  private void writePadding(int extra) throws IOException {
    ByteBuffer member = ByteBuffer.allocate(PADDED_BYTES + extra);
    member.put(PADDED_HEADER).put((byte) extra).put((byte) (extra >> 8));
    member.position(member.position() + extra).put(NOTHING).flip();
    writeFully(member);
  }

  private void writeFully(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      target.write(bytes);
    }
  }

  /** Compresses as well as can be, so that what lost something is not longer than before. */
  private static final class Smallest extends GZIPOutputStream {
    Smallest(OutputStream out) throws IOException {
      super(out, BUFFER_BYTES);
      def.setLevel(Deflater.BEST_COMPRESSION);
    }
  }
}
