package io.sluice.fetcher.handover;

import io.sluice.core.lease.LeaseId;
import io.sluice.core.resource.BriefFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A fetcher process's note to its successor, stored beside the frontier. It lets the successor
 * detect that Redis lost data, or that the frontier was restored from a copy. It is advisory:
 * nothing is lost if it is missing. Immutable.
 *
 * @param incarnation the highest incarnation ever taken; 0 for none
 * @param epoch the partition's epoch; empty if unknown
 * @param resting after an orderly stop, the leases whose pages or outcomes were in Redis at the
 *     stop; null while the process runs, and after a crash
 */
record HandoverNote(long incarnation, String epoch, @Nullable Set<LeaseId> resting) {

  /** The format of an epoch; any other value in Redis is noted as an empty epoch. */
  private static final Pattern WORD = Pattern.compile("[0-9a-zA-Z]{1,64}");

  /** An empty note. */
  static final HandoverNote NONE = new HandoverNote(0, "", null);

  private static final Logger log = LoggerFactory.getLogger(HandoverNote.class);

  private static final String FORMAT = "sluice-handover 1";
  private static final String INCARNATION = "incarnation ";
  private static final String EPOCH = "epoch ";
  private static final String RUNNING = "running";
  private static final String RESTING = "resting ";
  private static final String CHECKSUM = "crc32c ";

  /**
   * Maximum size of the file, in bytes: enough for the largest number of outstanding pages that a
   * configuration can allow.
   */
  private static final int MAX_BYTES = 64 << 20;

  HandoverNote {
    epoch = WORD.matcher(epoch).matches() ? epoch : "";
    resting = resting == null ? null : Set.copyOf(resting);
  }

  /** Reads a note; {@link #NONE} if there is none, or it is damaged. */
  static HandoverNote read(Path file, BriefFiles files) throws IOException {
    try {
      return parse(new String(files.read(file, MAX_BYTES), StandardCharsets.US_ASCII));
    } catch (NoSuchFileException e) {
      return NONE;
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      log.warn("{} is damaged and is ignored", file);
      return NONE;
    }
  }

  private static HandoverNote parse(String text) {
    List<String> lines = text.lines().toList();
    HandoverNote note =
        new HandoverNote(
            Long.parseLong(value(lines.get(1), INCARNATION)),
            value(lines.get(2), EPOCH),
            resting(lines));
    if (!note.text().equals(text)) {
      throw new IllegalArgumentException("not a note");
    }
    return note;
  }

  private static @Nullable Set<LeaseId> resting(List<String> lines) {
    if (lines.get(3).equals(RUNNING)) {
      return null;
    }
    int count = Integer.parseInt(value(lines.get(3), RESTING));
    Set<LeaseId> leases = new HashSet<>();
    for (String line : lines.subList(4, 4 + count)) {
      LeaseId lease = LeaseId.parse(line);
      if (lease == null) {
        throw new IllegalArgumentException("not a lease");
      }
      leases.add(lease);
    }
    return leases;
  }

  private static String value(String line, String key) {
    if (!line.startsWith(key)) {
      throw new IllegalArgumentException("the line does not begin with " + key);
    }
    return line.substring(key.length());
  }

  /** Writes the note durably, in one step. */
  void write(Path file, BriefFiles files) throws IOException {
    files.replaceDurably(file, ".tmp", text().getBytes(StandardCharsets.US_ASCII));
  }

  private String text() {
    StringBuilder text = new StringBuilder(FORMAT).append('\n');
    text.append(INCARNATION).append(incarnation).append('\n');
    text.append(EPOCH).append(epoch).append('\n');
    if (resting == null) {
      text.append(RUNNING).append('\n');
    } else {
      text.append(RESTING).append(resting.size()).append('\n');
      resting.stream()
          .sorted(Comparator.comparingInt(LeaseId::shard).thenComparingLong(LeaseId::sequence))
          .forEach(lease -> text.append(lease).append('\n'));
    }
    CRC32C crc = new CRC32C();
    crc.update(text.toString().getBytes(StandardCharsets.US_ASCII));
    return text.append(CHECKSUM).append("%08x\n".formatted(crc.getValue())).toString();
  }
}
