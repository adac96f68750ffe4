package io.sluice.core.purge;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.sluice.core.members.Compression;
import io.sluice.core.members.GzipMember;
import io.sluice.core.members.MemberReader;
import io.sluice.core.resource.BriefFiles;
import io.sluice.core.resource.Ledger;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
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

/**
 * Removes parts of a file of members. Members without such parts keep their bytes; one that loses
 * some is compressed the same way, at the default level. The file is replaced atomically and
 * durably, or not touched. Used once, on one thread.
 */
public final class MemberFilter {

  /** The suffix of files that are being written; such a file that is found later is a leftover. */
  public static final String TEMPORARY = ".purge";

  /** What is to be done with a member. */
  public enum Verdict {
    /** Keep its bytes as they are. */
    KEEP,
    /** Remove all of it. */
    DROP,
    /** Remove a part of it. */
    REWRITE
  }

  /** Decides what is to be done with each member. */
  public interface Judge {

    /** Decides about a member that the reader has just begun; reads as much of it as needed. */
    Verdict judge(MemberReader member) throws IOException;

    /** Writes what remains of a member, which has been rewound to its beginning. */
    void rewrite(MemberReader member, OutputStream to) throws IOException;
  }

  /** A member's header with an extra field, which every reader skips. */
  private static final byte[] PADDED_HEADER = {0x1f, (byte) 0x8b, 8, 4, 0, 0, 0, 0, 0, (byte) 0xff};

  /** An empty deflate stream, followed by the checksum and length of nothing. */
  private static final byte[] NOTHING = {3, 0, 0, 0, 0, 0, 0, 0, 0, 0};

  /** An empty zstd frame: a single segment of size 0 with an empty last block (RFC 8878, 3.1.1). */
  private static final byte[] EMPTY_FRAME = {
    0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0x20, 0, 1, 0, 0
  };

  private static final int HEADER_BYTES = 10;
  private static final int FLAGS = 3;
  private static final int COMMENT = 16;
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
   * @param sameLength whether every member must keep its position, because the file's length is
   *     recorded elsewhere: then padding replaces what is removed, and a member is held in memory;
   *     the file's members must be gzip
   * @param files enters the open files in the ledger
   * @return whether anything was removed
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
        members.rewind();
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
      rewriteAtAnyLength();
      return;
    }
    if (members.compression() != Compression.GZIP) {
      throw new IllegalStateException(file + ": only gzip members can be padded");
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    rewriteAsGzip(bytes, Deflater.BEST_COMPRESSION); // must not become longer than it was
    write(bytes.toByteArray());
  }

  private void rewriteAtAnyLength() throws IOException {
    OutputStream file = Channels.newOutputStream(target);
    if (members.compression() == Compression.ZSTD) {
      try (ZstdOutputStreamNoFinalizer to =
          new ZstdOutputStreamNoFinalizer(new Unclosed(file), Compression.ZSTD.defaultLevel())) {
        to.setChecksum(true);
        judge.rewrite(members, to);
      }
    } else {
      rewriteAsGzip(file, Deflater.DEFAULT_COMPRESSION);
    }
  }

  private void rewriteAsGzip(OutputStream to, int level) throws IOException {
    try (GzipMember member = new GzipMember(to, level)) {
      judge.rewrite(members, member);
    }
  }

  /**
   * Writes a member; if it is a little shorter than before, a comment in its header makes up for
   * that.
   */
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

  /** Copies everything up to an offset. */
  private void copy(long end) throws IOException {
    while (copied < end) {
      copied += source.transferTo(copied, end - copied, target);
    }
  }

  private void finish() throws IOException {
    copy(members.size());
    if (target.position() == 0) { // an empty file is neither a gzip file nor one of zstd
      if (members.compression() == Compression.ZSTD) {
        writeFully(ByteBuffer.wrap(EMPTY_FRAME));
      } else {
        padTo(PADDED_BYTES);
      }
    }
    target.force(true);
  }

  /** Fills the file up with empty members. */
  private void padTo(long length) throws IOException {
    long missing = length - target.position();
    if (missing < 0 || (missing > 0 && missing < PADDED_BYTES)) {
      throw new IOException(file + ": cannot be padded to its original length");
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

  /** Ignores close, so that the target stays open. */
  private static final class Unclosed extends FilterOutputStream {
    Unclosed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      out.write(bytes, from, count);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
