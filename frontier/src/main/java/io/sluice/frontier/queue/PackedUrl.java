package io.sluice.frontier.queue;

import io.sluice.core.lease.Labels;
import io.sluice.core.lease.Priority;
import io.sluice.core.url.Url;
import io.sluice.frontier.journal.Decoder;
import io.sluice.frontier.journal.Encoder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@link QueuedUrl} in compact form: its URL is stored as the length of the prefix shared with
 * the URL of the referring page, and the rest. The same bytes are used in memory, in journals and
 * in checkpoints. Immutable.
 */
public final class PackedUrl {

  /** Mask of the priority: the lowest two bits of the first number. */
  private static final int PRIORITY = 3;

  /** Bit of the first number that is set if there is a tag. */
  private static final int TAGGED = 4;

  /** Bit of the first number that is set if there is a reason; the bits above it are the depth. */
  private static final int REASONED = 8;

  private static final int DEPTH_SHIFT = 4;

  private final byte[] bytes;

  /** Takes ownership of the bytes. */
  PackedUrl(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The bytes, not copied. */
  byte[] bytes() {
    return bytes;
  }

  /** The class of the URL's priority, as {@link QueueClass} numbers it. */
  public int classNumber() {
    return QueueClass.of(priority());
  }

  /** Packs a URL. */
  public static PackedUrl pack(QueuedUrl url) {
    String via = url.via();
    int shared = sharedPrefix(via, url.href());
    Encoder encoder = new Encoder(32 + url.href().length() + (via == null ? 0 : via.length()));
    putDepthAndLabels(encoder, url);
    encoder.putVarint(url.attempts()).putString(via);
    encoder.putVarint(url.redirects().size());
    for (String redirect : url.redirects()) {
      encoder.putString(redirect);
    }
    encoder.putVarint(shared).putString(url.href().substring(shared));
    if (url.revisit() != null) {
      url.revisit().encode(encoder); // at the end, so that its absence costs nothing
    }
    return new PackedUrl(encoder.toArray());
  }

  private static void putDepthAndLabels(Encoder encoder, QueuedUrl url) {
    String tag = url.labels().tag();
    String reason = url.reason();
    long flags = bits(url.labels().priority()) | (tag == null ? 0 : TAGGED);
    flags |= reason == null ? 0 : REASONED;
    encoder.putVarint((long) url.depth() << DEPTH_SHIFT | flags);
    if (tag != null) {
      encoder.putString(tag);
    }
    if (reason != null) {
      encoder.putString(reason);
    }
  }

  /** The URL's priority, without unpacking the whole URL. */
  public Priority priority() {
    return priorityOf(bytes[0]);
  }

  /** The URL. */
  public QueuedUrl unpack() {
    Decoder decoder = new Decoder(bytes, 0, bytes.length);
    long first = decoder.takeVarint();
    int depth = (int) (first >>> DEPTH_SHIFT);
    String tag = (first & TAGGED) == 0 ? null : decoder.takeString();
    String reason = (first & REASONED) == 0 ? null : decoder.takeString();
    Labels labels = new Labels(priorityOf(first), tag);
    int attempts = decoder.takeCount();
    String via = decoder.takeNullableString();
    int count = decoder.takeCount();
    List<String> redirects = new ArrayList<>(Math.min(count, 16));
    for (int i = 0; i < count; i++) {
      redirects.add(decoder.takeString());
    }
    int shared = decoder.takeCount();
    String rest = decoder.takeString();
    String href = via == null ? rest : via.substring(0, shared).concat(rest);
    Revisit revisit = decoder.exhausted() ? null : Revisit.decode(decoder);
    return new QueuedUrl(href, depth, via, redirects, labels, attempts, revisit, reason);
  }

  /** Whether the URL is on the host with the given name. */
  public boolean isOf(String host) {
    Url url = Url.parse(unpack().href());
    return url != null && url.host().equals(host);
  }

  /** Writes the length of the bytes, then the bytes. */
  public void encode(Encoder target) {
    target.putVarint(bytes.length).putBytes(bytes, 0, bytes.length);
  }

  /** Reads what {@link #encode} wrote. */
  public static PackedUrl decode(Decoder source) {
    return new PackedUrl(source.takeBytes(source.takeCount()));
  }

  /** A priority's number in files, which never changes; 0 is the most urgent. */
  static int bits(Priority priority) {
    return switch (priority) {
      case URGENT -> 0;
      case HIGH -> 1;
      case NORMAL -> 2;
      case LOW -> 3;
    };
  }

  private static Priority priorityOf(long first) {
    return switch ((int) (first & PRIORITY)) {
      case 0 -> Priority.URGENT;
      case 1 -> Priority.HIGH;
      case 2 -> Priority.NORMAL;
      default -> Priority.LOW;
    };
  }

  private static int sharedPrefix(@Nullable String via, String href) {
    if (via == null) {
      return 0;
    }
    int end = Math.min(via.length(), href.length());
    int at = 0;
    while (at < end && via.charAt(at) == href.charAt(at)) {
      at++;
    }
    // Never split a surrogate pair, whose halves cannot be encoded separately.
    return at > 0 && Character.isHighSurrogate(via.charAt(at - 1)) ? at - 1 : at;
  }
}
