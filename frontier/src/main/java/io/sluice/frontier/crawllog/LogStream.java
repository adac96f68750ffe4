package io.sluice.frontier.crawllog;

import io.sluice.frontier.journal.Disk;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Appends to a log's file, which is borrowed and stays open. Confined to one thread. */
final class LogStream extends OutputStream {

  private final Disk disk;
  private final FileChannel channel;

  LogStream(Disk disk, FileChannel channel) {
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
