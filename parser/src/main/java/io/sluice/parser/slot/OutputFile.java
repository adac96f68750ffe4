package io.sluice.parser.slot;

import io.sluice.parser.sink.SinkKind;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The name of an output file: {@code p0-3-000007.jsonl.gz}. Immutable.
 *
 * @param slot the slot that wrote it
 * @param sequence the slot's running number, from 1; the files of one number were written together
 * @param kind which output it is
 */
record OutputFile(String slot, long sequence, SinkKind kind) {

  private static final String PART = ".part";

  /** What the file is called when it is sealed. */
  String name() {
    return String.format(Locale.ROOT, "%s-%06d%s", slot, sequence, kind.suffix());
  }

  /** What it is called in its slot. */
  String partName() {
    return name() + PART;
  }

  /** Reads a name, of a part or a sealed file; null where it is no output file's. */
  static @Nullable OutputFile parse(String name) {
    String sealed = name.endsWith(PART) ? name.substring(0, name.length() - PART.length()) : name;
    SinkKind kind = SinkKind.ofFile(sealed);
    if (kind == null) {
      return null;
    }
    String stem = sealed.substring(0, sealed.length() - kind.suffix().length());
    int dash = stem.lastIndexOf('-');
    if (dash < 1 || stem.length() - dash > 18) {
      return null;
    }
    try {
      long sequence = Long.parseLong(stem, dash + 1, stem.length(), 10);
      return new OutputFile(stem.substring(0, dash), sequence, kind);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
