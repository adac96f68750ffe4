package io.sluice.core.stream;

import io.lettuce.core.StreamMessage;
import io.sluice.core.message.StreamEntry;
import java.util.List;
import java.util.Map;

/**
 * Converts stream entries from the forms in which the client library and scripts return them.
 * Thread-safe: stateless.
 */
final class Entries {

  private static final byte[] ABSENT = new byte[0];

  private Entries() {}

  /**
   * Reads three items of a script's flat answer, from {@code at}: {@code k}, {@code h}, payload.
   */
  static StreamEntry entry(List<Object> flat, int at) {
    return new StreamEntry(
        (byte[]) flat.get(at), (byte[]) flat.get(at + 1), (byte[]) flat.get(at + 2));
  }

  static StreamEntry page(StreamMessage<byte[], byte[]> message) {
    return entry(message, 'b');
  }

  static StreamEntry outcome(StreamMessage<byte[], byte[]> message) {
    return entry(message, 'l');
  }

  private static StreamEntry entry(StreamMessage<byte[], byte[]> message, char payloadField) {
    byte[] lease = ABSENT;
    byte[] header = ABSENT;
    byte[] payload = ABSENT;
    Map<byte[], byte[]> fields = message.getBody();
    if (fields != null) {
      for (Map.Entry<byte[], byte[]> field : fields.entrySet()) {
        if (field.getKey().length == 1) {
          char name = (char) field.getKey()[0];
          if (name == 'k') {
            lease = field.getValue();
          } else if (name == 'h') {
            header = field.getValue();
          } else if (name == payloadField) {
            payload = field.getValue();
          }
        }
      }
    }
    return new StreamEntry(lease, header, payload);
  }
}
