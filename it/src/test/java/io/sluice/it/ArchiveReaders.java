package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jwat.common.Diagnosis;
import org.jwat.common.UriProfile;
import org.jwat.warc.WarcReaderFactory;
import org.netpreserve.jwarc.WarcDigest;
import org.netpreserve.jwarc.WarcReader;
import org.netpreserve.jwarc.WarcRecord;

/** Reads WARC files as archives do, with jwarc and with JWAT. */
final class ArchiveReaders {

  private ArchiveReaders() {}

  /**
   * A record as jwarc reads it.
   *
   * @param block the record's bytes, decoded as ISO-8859-1
   */
  record Archived(WarcRecord record, String block) {

    String type() {
      return record.type();
    }

    Instant date() {
      return record.date();
    }

    Optional<String> field(String name) {
      return record.headers().first(name);
    }

    String target() {
      return field("WARC-Target-URI").orElse("");
    }
  }

  /** Reads every record of some files; checks each block against the record's digest. */
  static List<Archived> read(List<Path> files) throws IOException {
    List<Archived> records = new ArrayList<>();
    for (Path file : files) {
      try (WarcReader reader = new WarcReader(file)) {
        reader.calculateBlockDigest();
        for (WarcRecord record : reader) {
          byte[] block = record.body().stream().readAllBytes();
          Optional<WarcDigest> stated = record.blockDigest();
          if (stated.isPresent()) {
            assertThat(record.calculatedBlockDigest()).as("of %s", record.id()).isEqualTo(stated);
          }
          records.add(new Archived(record, new String(block, StandardCharsets.ISO_8859_1)));
        }
      }
    }
    return records;
  }

  /**
   * Returns JWAT's complaints about some files, including those about digests and the syntax of
   * URIs.
   */
  static List<String> complaintsOfJwat(List<Path> files) throws IOException {
    List<String> complaints = new ArrayList<>();
    for (Path file : files) {
      try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
          org.jwat.warc.WarcReader reader = WarcReaderFactory.getReaderCompressed(in, 8192)) {
        reader.setBlockDigestEnabled(true);
        reader.setPayloadDigestEnabled(true);
        reader.setReportHttpHeaderErrors(true);
        reader.setUriProfile(UriProfile.RFC3986);
        reader.setWarcTargetUriProfile(UriProfile.RFC3986);
        for (org.jwat.warc.WarcRecord record = reader.getNextRecord();
            record != null;
            record = reader.getNextRecord()) {
          record.close();
          for (Diagnosis error : record.diagnostics.getErrors()) {
            complaints.add("error: " + text(record, error));
          }
          for (Diagnosis warning : record.diagnostics.getWarnings()) {
            complaints.add("warning: " + text(record, warning));
          }
          if (Boolean.FALSE.equals(record.isValidBlockDigest)
              || Boolean.FALSE.equals(record.isValidPayloadDigest)) {
            complaints.add("digest of " + record.header.warcRecordIdStr);
          }
        }
        assertThat(reader.diagnostics.getErrors()).as("of %s", file).isEmpty();
        assertThat(reader.isCompliant()).as("%s is compliant", file).isTrue();
      }
    }
    return complaints;
  }

  private static String text(org.jwat.warc.WarcRecord record, Diagnosis diagnosis) {
    return "%s %s %s: %s %s"
        .formatted(
            record.header.warcTypeStr,
            record.header.warcTargetUriStr,
            diagnosis.type,
            diagnosis.entity,
            Arrays.toString(diagnosis.information));
  }
}
