package io.sluice.core.coding;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The {@code zstd} coding (RFC 8878) with windows up to 8 MB, as RFC 9659 requires. Stateless: each
 * call opens and closes its own decoder.
 */
final class ZstdCoding implements Coding {

  private static final int WINDOW_LOG_MAX = 23;

  @Override
  public @Nullable Damage inflate(byte[] coded, int size, BoundedBytes out) {
    ByteArrayInputStream source = new ByteArrayInputStream(coded, 0, size);
    try (ZstdInputStreamNoFinalizer stream = new ZstdInputStreamNoFinalizer(source)) {
      stream.setLongMax(WINDOW_LOG_MAX);
      Inflating.drain(stream, out);
      return null;
    } catch (ZstdIOException e) {
      return "Truncated source".equals(e.getMessage()) ? Damage.TRUNCATED : Damage.CORRUPT;
    } catch (IOException e) {
      return Damage.CORRUPT;
    }
  }
}
