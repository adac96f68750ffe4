package io.sluice.core.coding;

import io.sluice.core.message.Body;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Removes content codings (RFC 9110, 8.4): gzip, deflate, br and zstd, up to three nested ones.
 * Wrong labels do not matter: the actual coding is recognized, and a body without one is kept as it
 * is. Each layer is inflated up to the bound and no further, so a bomb costs time and memory only
 * in proportion to the bound. Owns native inflaters: close it. Confined to its owner's thread.
 */
public final class BodyDecoder implements AutoCloseable {

  private static final int MAX_CODINGS = 3;

  /** Codings that exist but cannot be decoded here; any other unknown label is ignored. */
  private static final Set<String> UNAVAILABLE =
      Set.of(
          "aes128gcm",
          "bzip2",
          "compress",
          "dcb",
          "dcz",
          "exi",
          "lzma",
          "pack200-gzip",
          "sdch",
          "x-bzip2",
          "x-compress",
          "xz");

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
   * @param maxInflatedBytes maximum number of bytes kept of a body; bounded by what an array can
   *     hold
   */
  public BodyDecoder(long maxInflatedBytes) {
    this.maxInflatedBytes = (int) Math.min(maxInflatedBytes, Integer.MAX_VALUE - 16);
    this.outer = new BoundedBytes(this.maxInflatedBytes);
    this.inner = new BoundedBytes(this.maxInflatedBytes);
  }

  /**
   * Decodes a body.
   *
   * @param contentEncoding the values of all Content-Encoding fields, which form one list
   */
  public DecodedBody decode(Body body, List<String> contentEncoding) {
    byte[] bytes = body.bytes();
    int size = body.size();
    List<String> codings = codings(contentEncoding);
    if (codings.size() > MAX_CODINGS && size > 0) {
      return kept(bytes, size, false, Damage.UNSUPPORTED);
    }
    boolean cut = false;
    Damage damage = null;
    BoundedBytes out = outer;
    for (String name : codings.reversed()) {
      if (size == 0) {
        break;
      }
      Coding coding = coding(name);
      if (coding == null) {
        return kept(bytes, size, cut, Damage.UNSUPPORTED);
      }
      out.clear();
      Damage here = inflate(coding, bytes, size, out);
      damage = damage == null ? here : damage;
      cut |= out.cut();
      bytes = out.array();
      size = out.size();
      out = out == outer ? inner : outer;
    }
    return kept(bytes, size, cut, damage);
  }

  /**
   * Inflates by the labelled coding. If the label is wrong, inflates by the coding recognized in
   * the bytes, or copies them if none is recognized.
   */
  private @Nullable Damage inflate(Coding labelled, byte[] coded, int size, BoundedBytes out) {
    Coding recognised = recognise(coded, size);
    if (labelled.equals(recognised)) {
      return labelled.inflate(coded, size, out);
    }
    if (labelled.equals(gzip) || labelled.equals(zstd)) { // both begin with a signature
      return recognised == null ? plain(coded, size, out) : recognised.inflate(coded, size, out);
    }
    Damage damage = labelled.inflate(coded, size, out);
    if (damage == null || (recognised == null && !Signatures.text(coded, size))) {
      return damage;
    }
    out.clear();
    return recognised == null ? plain(coded, size, out) : recognised.inflate(coded, size, out);
  }

  private @Nullable Coding recognise(byte[] coded, int size) {
    if (Signatures.gzip(coded, size)) {
      return gzip;
    }
    return Signatures.zstd(coded, size) ? zstd : null;
  }

  private static @Nullable Damage plain(byte[] bytes, int size, BoundedBytes out) {
    Inflating.copy(bytes, size, out);
    return null;
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

  /** The codings in the order in which they were applied, without labels that are not codings. */
  private List<String> codings(List<String> contentEncoding) {
    List<String> codings = new ArrayList<>();
    for (String value : contentEncoding) {
      for (String part : value.split(",", MAX_CODINGS + 2)) {
        String name = part.strip().toLowerCase(Locale.ROOT);
        if (coding(name) != null || UNAVAILABLE.contains(name)) {
          codings.add(name);
        }
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
