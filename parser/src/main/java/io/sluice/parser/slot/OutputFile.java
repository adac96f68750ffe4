package io.sluice.parser.slot;

import io.sluice.core.members.Compression;
import io.sluice.parser.sink.SinkKind;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of an output file: {@code 20261129T010903Z-web1-9f3a2c-0-000007.jsonl.gz}. No two files
 * of a crawl ever have the same name, so finished files can be collected in one place. Immutable.
 *
 * @param begun the time at which it was started, UTC, to the second: {@code 20261129T010903Z}
 * @param slot the slot that wrote it
 * @param serial the slot's running number, from 1, never reused; files with the same number were
 *     written together
 * @param kind which output it is
 * @param compression how it is compressed
 */
record OutputFile(String begun, String slot, long serial, SinkKind kind, Compression compression) {

  private static final String PART = ".part";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final Pattern STEM = Pattern.compile("(\\d{8}T\\d{6}Z)-(.+-\\d+)-(\\d{6,18})");

  /** The file that a slot starts at the given time. */
  static OutputFile begun(
      Instant at, String slot, long serial, SinkKind kind, Compression compression) {
    return new OutputFile(TIME.format(at), slot, serial, kind, compression);
  }

  /** The file's name once it is sealed. */
  String name() {
    return String.format(
        Locale.ROOT, "%s-%s-%06d%s", begun, slot, serial, kind.suffix(compression));
  }

  /** The file's name while it is in its slot. */
  String partName() {
    return name() + PART;
  }

  /** Whether {@code name} is the name of a part, including parts of older versions. */
  static boolean isPart(String name) {
    return name.endsWith(PART);
  }

  /** Parses the name of a part or a sealed file; null if it is not the name of an output file. */
  static @Nullable OutputFile parse(String name) {
    String sealed = isPart(name) ? name.substring(0, name.length() - PART.length()) : name;
    for (SinkKind kind : SinkKind.values()) {
      Compression compression = kind.compressionOf(sealed);
      if (compression != null) {
        int end = sealed.length() - kind.suffix(compression).length();
        return parse(STEM.matcher(sealed.substring(0, end)), kind, compression);
      }
    }
    return null;
  }

  private static @Nullable OutputFile parse(Matcher stem, SinkKind kind, Compression compression) {
    return stem.matches()
        ? new OutputFile(
            stem.group(1), stem.group(2), Long.parseLong(stem.group(3)), kind, compression)
        : null;
  }
}
