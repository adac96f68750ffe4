package io.sluice.parser.decode;

import io.sluice.core.message.Body;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Takes content codings off (RFC 9110, 8.4): gzip, deflate, br and zstd, up to three on top of each
 * other. Each layer may inflate to the bound and no further, so a bomb costs time and memory in
 * proportion to the bound only. Owns native inflaters: close it. Confined to its worker's thread.
 */
public final class BodyDecoder implements AutoCloseable {

  private static final int MAX_CODINGS = 3;

  private final int maxInflatedBytes;
  private final Inflater raw = new Inflater(true);
  private final Inflater zlib = new Inflater(false);
  private final Coding gzip = new GzipCoding(raw);
  private final Coding deflate = new DeflateCoding(zlib, raw);
  private final Coding brotli = new BrotliCoding();
  private final Coding zstd = new ZstdCoding();
  private final BoundedBytes outer;
  private final BoundedBytes inner;

  /**
   * @param maxInflatedBytes what is kept of a body; bounded by what an array can hold
   */
  public BodyDecoder(long maxInflatedBytes) {
    this.maxInflatedBytes = (int) Math.min(maxInflatedBytes, Integer.MAX_VALUE - 16);
    this.outer = new BoundedBytes(this.maxInflatedBytes);
    this.inner = new BoundedBytes(this.maxInflatedBytes);
  }

  /**
   * Decodes a body.
   *
   * @param contentEncoding the Content-Encoding field's value; null where there is none
   */
  public DecodedBody decode(Body body, @Nullable String contentEncoding) {
    byte[] bytes = body.bytes();
    int size = body.size();
    List<String> codings = codings(contentEncoding);
    if (codings.size() > MAX_CODINGS) {
      return kept(bytes, size, false, Damage.UNSUPPORTED);
    }
    boolean cut = false;
    Damage damage = null;
    BoundedBytes out = outer;
    for (String name : codings.reversed()) {
      Coding coding = coding(name);
      if (coding == null) {
        return kept(bytes, size, cut, Damage.UNSUPPORTED);
      }
      out.clear();
      Damage here = coding.inflate(bytes, size, out);
      damage = damage == null ? here : damage;
      cut |= out.cut();
      bytes = out.array();
      size = out.size();
      out = out == outer ? inner : outer;
    }
    return kept(bytes, size, cut, damage);
  }

  private DecodedBody kept(byte[] bytes, int size, boolean cut, @Nullable Damage damage) {
    int kept = Math.min(size, maxInflatedBytes);
    return new DecodedBody(bytes, kept, cut || kept < size, damage);
  }

  private @Nullable Coding coding(String name) {
    return switch (name) {
      case "gzip", "x-gzip" -> gzip;
      case "deflate" -> deflate;
      case "br" -> brotli;
      case "zstd" -> zstd;
      default -> null;
    };
  }

  /** The codings in the order they were applied, {@code identity} left out. */
  private static List<String> codings(@Nullable String contentEncoding) {
    if (contentEncoding == null || contentEncoding.isBlank()) {
      return List.of();
    }
    List<String> codings = new ArrayList<>();
    for (String part : contentEncoding.split(",", MAX_CODINGS + 2)) {
      String name = part.strip().toLowerCase(Locale.ROOT);
      if (!name.isEmpty() && !name.equals("identity")) {
        codings.add(name);
      }
    }
    return codings;
  }

  @Override
  public void close() {
    raw.end();
    zlib.end();
  }
}
