package io.sluice.parser.sink;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes zstd frames with checksums (RFC 8878) to a sink file, using the native library. */
final class ZstdMembers extends Members {

  /** Maximum number of bytes per call into the library, which blocks the garbage collector. */
  private static final int BYTES_A_CALL = 64 << 10;

  private final SinkFile file;
  private final int level;
  private final ZstdCompressCtx context;
  private final Ledger.Entry entry;
  private final ByteBuffer nothing = ByteBuffer.allocate(0);
  private final ByteBuffer out = ByteBuffer.allocate(64 << 10);
  private boolean open;

  /**
   * @param level compression level, 1 to 19
   */
  ZstdMembers(SinkFile file, int level, Ledger ledger) {
    this.file = file;
    this.level = level;
    this.context = new ZstdCompressCtx();
    this.entry = ledger.enter(ResourceKind.BUFFER, "parser.zstd");
    setParameters();
  }

  private void setParameters() {
    context.setLevel(level);
    context.setChecksum(true);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    open = true;
    int end = from + length;
    for (int at = from; at < end; at += BYTES_A_CALL) {
      ByteBuffer in = ByteBuffer.wrap(bytes, at, Math.min(BYTES_A_CALL, end - at));
      while (in.hasRemaining()) {
        context.compressByteBufferStream(out, in, EndDirective.CONTINUE);
        drain();
      }
    }
  }

  @Override
  public void endMember() throws IOException {
    if (!open) {
      return;
    }
    boolean all;
    do {
      all = context.compressByteBufferStream(out, nothing, EndDirective.END);
      drain();
    } while (!all);
    open = false;
  }

  private void drain() throws IOException {
    file.write(out.array(), 0, out.position());
    out.clear();
  }

  @Override
  public void forget() {
    context.reset(); // resets the parameters too
    setParameters();
    open = false;
  }

  @Override
  public void close() {
    try (entry) {
      context.close();
    }
  }
}
