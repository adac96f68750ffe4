package io.sluice.core.lifecycle;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.sluice.core.lifecycle.LeaseSums.ForcedLease;
import io.sluice.core.lifecycle.ShutdownReport.Leftovers;
import io.sluice.core.lifecycle.ShutdownReport.StagePart;
import io.sluice.core.resource.Census;
import io.sluice.core.resource.ResourceKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The shutdown report as JSON: version 1, times in milliseconds, kinds and phases by their words.
 * Stateless.
 */
public final class ShutdownReportFile {

  /** The field with the number of fetched pages that are left in Redis for the next run. */
  public static final String RESTING = "pages-in-redis";

  private static final int VERSION = 1;
  private static final JsonFactory JSON = new JsonFactory();

  private ShutdownReportFile() {}

  /** The report as JSON bytes. */
  public static byte[] toJson(ShutdownReport report) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      json.writeStartObject();
      writeHead(json, report);
      writeStages(json, report.stages());
      writeLeases(json, report.leases());
      writeResting(json, report.resting());
      writeAudit(json, report.left());
      json.writeObjectFieldStart("log");
      json.writeNumberField("warnings", report.log().warnings());
      json.writeNumberField("errors", report.log().errors());
      json.writeEndObject();
      writeTexts(json, "failures", report.failures());
      writeTexts(json, "findings", report.findings());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a report to memory", e);
    }
    return bytes.toByteArray();
  }

  private static void writeHead(JsonGenerator json, ShutdownReport report) throws IOException {
    json.writeNumberField("version", VERSION);
    json.writeStringField("process", report.process());
    json.writeStringField("reason", report.reason());
    json.writeStringField("started-at", report.startedAt().toString());
    json.writeNumberField("exit", report.exit().status());
    json.writeNumberField("took-ms", millis(report.took()));
    json.writeBooleanField("cut-short", report.cutShort());
    json.writeNumberField("cancelled", report.cancelled());
    json.writeNumberField("drained", report.drained());
    json.writeNumberField("forced", report.forced());
    writeTimes(json, "phases", report.phases());
  }

  private static void writeStages(JsonGenerator json, Collection<StagePart> stages)
      throws IOException {
    json.writeArrayFieldStart("stages");
    for (StagePart stage : stages) {
      json.writeStartObject();
      json.writeStringField("name", stage.name());
      json.writeNumberField("cancelled", stage.cancelled());
      json.writeNumberField("drained", stage.drained());
      json.writeNumberField("forced", stage.forced());
      writeTimes(json, "took-ms", stage.took());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeLeases(JsonGenerator json, LeaseSums leases) throws IOException {
    json.writeObjectFieldStart("leases");
    json.writeNumberField("leased", leases.leased());
    json.writeNumberField("done", leases.done());
    json.writeNumberField("retried", leases.retried());
    json.writeNumberField("given-back", leases.givenBack());
    json.writeNumberField("outstanding", leases.outstanding());
    json.writeBooleanField("balanced", leases.balanced());
    json.writeNumberField("forced", leases.forcedCount());
    json.writeArrayFieldStart("forced-leases");
    for (ForcedLease lease : leases.forced()) {
      json.writeStartObject();
      json.writeStringField("lease", lease.id());
      json.writeStringField("url", lease.url());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /** Writes the field {@code pages-in-redis}, which every report has; null if unknown. */
  public static void writeResting(JsonGenerator json, OptionalLong resting) throws IOException {
    if (resting.isPresent()) {
      json.writeNumberField(RESTING, resting.getAsLong());
    } else {
      json.writeNullField(RESTING);
    }
  }

  /** Writes the field {@code audit}, which every report has. */
  public static void writeAudit(JsonGenerator json, Leftovers left) throws IOException {
    json.writeObjectFieldStart("audit");
    json.writeBooleanField("clean", left.clean());
    writeKinds(json, "ledger", left.ledger());
    writeTexts(json, "ledger-entries", left.entries());
    writeKinds(json, "risen", left.risen());
    writeTexts(json, "threads", left.threads());
    writeCensus(json, "descriptors-at-start", left.descriptorsAtStart());
    writeCensus(json, "descriptors-now", left.descriptorsNow());
    json.writeNumberField("direct-buffers", left.directMemory().buffers());
    json.writeNumberField("direct-bytes", left.directMemory().bytes());
    json.writeEndObject();
  }

  private static void writeCensus(JsonGenerator json, String name, Census census)
      throws IOException {
    json.writeObjectFieldStart(name);
    json.writeBooleanField("attributed", census.attributed());
    writeIfKnown(json, "total", census.total());
    writeIfKnown(json, "limit", census.limit());
    writeKinds(json, "kinds", census.byKind());
    writeTexts(json, "strays", census.strays());
    writeTexts(json, "phantoms", census.phantoms());
    json.writeEndObject();
  }

  private static void writeKinds(JsonGenerator json, String name, Map<ResourceKind, Integer> counts)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (ResourceKind kind : ResourceKind.values()) {
      Integer count = counts.get(kind);
      if (count != null) {
        json.writeNumberField(kind.word(), count);
      }
    }
    json.writeEndObject();
  }

  private static void writeTimes(JsonGenerator json, String name, Map<Phase, Duration> times)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<Phase, Duration> time : times.entrySet()) {
      json.writeNumberField(time.getKey().word(), millis(time.getValue()));
    }
    json.writeEndObject();
  }

  private static void writeTexts(JsonGenerator json, String name, Collection<String> texts)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  private static void writeIfKnown(JsonGenerator json, String name, OptionalInt count)
      throws IOException {
    if (count.isPresent()) {
      json.writeNumberField(name, count.getAsInt());
    } else {
      json.writeNullField(name);
    }
  }

  private static double millis(Duration time) {
    return Math.round(time.toNanos() / 1e3) / 1e3;
  }
}
