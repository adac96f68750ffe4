package io.sluice.parser.sink;

import com.github.luben.zstd.ZstdCompressCtx;
import io.sluice.core.config.OutputSettings;
import io.sluice.core.members.Compression;
import io.sluice.core.resource.Ledger;
import org.jspecify.annotations.Nullable;

/**
 * The compression, level and library that sinks use. Thread-safe: immutable.
 *
 * @param level one of the compression's levels
 * @param libdeflate compresses gzip members; null for the JDK's zlib
 * @param ledger where native memory is entered; borrowed
 */
public record Compressor(
    Compression compression, int level, @Nullable Libdeflate libdeflate, Ledger ledger) {

  /**
   * Creates the compressor that the settings select, with the libraries that this system has.
   *
   * @throws LinkageError if the settings select zstd and its native library cannot be loaded
   */
  public static Compressor of(OutputSettings output, Ledger ledger) {
    if (output.compression() == Compression.ZSTD) {
      new ZstdCompressCtx().close(); // fails at startup, not at the first page
    }
    return new Compressor(
        output.compression(), output.compressionLevel(), libdeflate(output), ledger);
  }

  /** The library for gzip; null if the JDK's zlib is used, or the compression is not gzip. */
  private static @Nullable Libdeflate libdeflate(OutputSettings output) {
    boolean used = output.compression() == Compression.GZIP && output.jsonl();
    return used ? Libdeflate.system() : null;
  }

  /**
   * The name of the library that these settings select: {@code libdeflate} (for gzip, JSON lines
   * only), {@code jdk} or {@code zstd-jni}.
   */
  public static String library(OutputSettings output) {
    return switch (output.compression()) {
      case GZIP -> libdeflate(output) == null ? "jdk" : "libdeflate";
      case ZSTD -> "zstd-jni";
    };
  }

  /** Opens members for a file whose members each hold many records. */
  public Members open(SinkFile file) {
    return switch (compression) {
      case GZIP ->
          libdeflate == null
              ? new GzipMembers(file, level)
              : new LibdeflateMembers(file, level, libdeflate, ledger);
      case ZSTD -> new ZstdMembers(file, level, ledger);
    };
  }

  /**
   * Opens members for a file in which each holds one record, parts of which may be stored
   * uncompressed; libdeflate cannot do that.
   */
  public Members openForRecords(SinkFile file) {
    return switch (compression) {
      case GZIP -> new GzipMembers(file, level);
      case ZSTD -> new ZstdMembers(file, level, ledger);
    };
  }
}
