package io.sluice.core.coding;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The {@code br} coding (RFC 7932), by the native library, if this platform has one. Stateless:
 * each call opens and closes its own decoder.
 */
final class BrotliCoding implements Coding {

  @Override
  public @Nullable Damage inflate(byte[] coded, int size, BoundedBytes out) {
    if (!Brotli4jLoader.isAvailable()) {
      return Damage.UNSUPPORTED;
    }
    Ending source = new Ending(coded, size);
    try (BrotliInputStream stream = new BrotliInputStream(source)) {
      stream.enableEagerOutput();
      Inflating.drain(stream, out);
      return null;
    } catch (IOException e) {
      return source.ended ? Damage.TRUNCATED : Damage.CORRUPT;
    }
  }

  /** A stream of the coded bytes that notes whether the decoder tried to read past their end. */
  private static final class Ending extends ByteArrayInputStream {
    private boolean ended;

    Ending(byte[] bytes, int size) {
      super(bytes, 0, size);
    }

    @Override
    public synchronized int read(byte[] into, int from, int length) {
      int count = super.read(into, from, length);
      ended |= count < 0;
      return count;
    }
  }
}
