package io.sluice.frontier.crawllog;

import io.sluice.frontier.journal.Disk;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.GZIPOutputStream;

/**
 * One gzip member (RFC 1952) at the end of a file. Closing it ends the member and leaves the file
 * open. Confined to one thread.
 */
final class GzipMember extends GZIPOutputStream {

  private static final int BUFFER = 8 << 10;

  private long length;

  /**
   * @param channel borrowed
   */
  GzipMember(Disk disk, FileChannel channel, int compressionLevel) throws IOException {
    super(new ToChannel(disk, channel), BUFFER);
    def.setLevel(compressionLevel);
  }

  /** Bytes written to the member, before compression. */
  long length() {
    return length;
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int count) throws IOException {
    length += count;
    super.write(bytes, from, count);
  }

  /** Frees the compressor without ending the member. */
  void abandon() {
    def.end();
  }

  /** Writes to the channel and never closes it. */
  private static final class ToChannel extends OutputStream {
    private final Disk disk;
    private final FileChannel channel;

    ToChannel(Disk disk, FileChannel channel) {
      this.disk = disk;
      this.channel = channel;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      disk.write(channel, ByteBuffer.wrap(bytes, from, count));
    }
  }
}
