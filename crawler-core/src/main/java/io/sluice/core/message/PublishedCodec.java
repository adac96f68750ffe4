package io.sluice.core.message;

/** Decodes entries of the stream of pages, whatever they carry. Thread-safe: stateless. */
public final class PublishedCodec {

  private PublishedCodec() {}

  /** Reads an entry; never throws. The message shares the payload's array. */
  public static Decoded<Published> decode(StreamEntry entry) {
    RecordId id = RecordCodec.idOf(entry);
    if (id != null) {
      return RecordCodec.decode(id, entry);
    }
    return switch (PageCodec.decode(entry)) {
      case Decoded.Whole<Page>(Page page) -> new Decoded.Whole<>(page);
      case Decoded.Malformed<Page>(String reason, var lease) ->
          new Decoded.Malformed<>(reason, lease);
    };
  }
}
