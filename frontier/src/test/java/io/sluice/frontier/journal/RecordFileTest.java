package io.sluice.frontier.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.testing.TestLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordFileTest {

  private static final FileHeader HEADER = new FileHeader(FileHeader.JOURNAL, 3, 17);

  @TempDir Path dir;
  private Path file = Path.of("");
  private byte[] whole = {};
  private int synced;

  /** Three groups of two records; all but the last are synced. */
  @BeforeEach
  void write() throws IOException {
    file = dir.resolve("journal");
    try (RecordWriter writer = RecordWriter.create(Disk.SYSTEM, file, HEADER, new TestLedger())) {
      for (int i = 0; i < 6; i++) {
        writer.begin(5).putString("record " + i);
        writer.end();
        if (i % 2 == 1) {
          writer.write();
          if (i < 5) {
            writer.sync();
          }
        }
      }
      synced = (int) writer.syncedLength();
    }
    whole = Files.readAllBytes(file);
  }

  @Test
  void whatWasWrittenIsReadInOrder() throws IOException {
    assertThat(read())
        .containsExactly("record 0", "record 1", "record 2", "record 3", "record 4", "record 5");
  }

  @Test
  void aTailTornAtAnyByteIsCutToTheRecordsBeforeIt() throws IOException {
    for (int length = synced; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThat(read())
          .as("cut to " + length)
          .startsWith("record 0", "record 1", "record 2", "record 3")
          .hasSizeLessThan(6);
    }
  }

  @Test
  void garbageInPlaceOfTheUnsyncedTailIsCut() throws IOException {
    Random random = new Random(42);
    for (int trial = 0; trial < 200; trial++) {
      byte[] bytes = Arrays.copyOf(whole, synced + random.nextInt(100));
      for (int i = synced; i < bytes.length; i++) {
        bytes[i] = (byte) random.nextInt();
      }
      Files.write(file, bytes);
      assertThat(read()).containsExactly("record 0", "record 1", "record 2", "record 3");
    }
  }

  @Test
  void damageToAnyByteThatALaterMarkVouchesForRefusesTheFile() throws IOException {
    int vouched = (int) marks().getLast().longValue();
    for (int at = 0; at < vouched; at++) {
      byte[] bytes = whole.clone();
      bytes[at] ^= 0x40;
      Files.write(file, bytes);
      assertThatThrownBy(this::read).as("byte " + at).isInstanceOf(DamagedFileException.class);
    }
  }

  @Test
  void aNewerVersionIsRefusedByNumber() throws IOException {
    byte[] newer = HEADER.encode();
    newer[9] = 4;
    BigEndian.putInt(newer, 28, crc(newer));
    Files.write(file, newer);
    assertThatThrownBy(this::read).hasMessageContaining("format version 4; this program reads 3");
  }

  @Test
  void anotherShardsFileIsRefused() {
    assertThatThrownBy(
            () ->
                RecordReader.open(
                    file, new FileHeader(FileHeader.JOURNAL, 4, 17), new TestLedger()))
        .hasMessageContaining("another shard or generation");
  }

  private List<String> read() throws IOException {
    List<String> records = new ArrayList<>();
    try (RecordReader reader = RecordReader.open(file, HEADER, new TestLedger())) {
      while (reader.next()) {
        assertThat(reader.type()).isEqualTo(5);
        records.add(reader.payload().takeString());
      }
      if (!reader.complete()) {
        reader.refuseDamage();
      }
    }
    return records;
  }

  /**
   * The durable lengths that the file's marks claim: one for each sync that was followed by a
   * record.
   */
  private List<Long> marks() {
    return List.of((long) FileHeader.BYTES, (long) synced);
  }

  private static int crc(byte[] bytes) {
    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
    crc.update(bytes, 0, 28);
    return (int) crc.getValue();
  }
}
