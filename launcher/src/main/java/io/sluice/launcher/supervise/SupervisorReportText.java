package io.sluice.launcher.supervise;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.core.lifecycle.ShutdownReportFile;
import io.sluice.core.lifecycle.ShutdownReportTable;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * The supervisor's report as JSON and as a table, in the form of the processes' reports. Stateless.
 */
final class SupervisorReportText {

  private static final int VERSION = 1;

  private SupervisorReportText() {}

  /** Returns the report as JSON, version 1, with times in milliseconds. */
  static byte[] json(String process, SupervisorReport report) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
      json.writeStartObject();
      json.writeNumberField("version", VERSION);
      json.writeStringField("process", process);
      json.writeStringField("reason", report.reason());
      json.writeStringField("started-at", report.startedAt().toString());
      json.writeNumberField("exit", report.exit().status());
      json.writeNumberField("took-ms", report.took().toMillis());
      json.writeBooleanField("cut-short", report.cutShort());
      json.writeObjectFieldStart("phases");
      for (Map.Entry<String, Duration> phase : report.phases().entrySet()) {
        json.writeNumberField(phase.getKey(), Math.round(phase.getValue().toNanos() / 1e3) / 1e3);
      }
      json.writeEndObject();
      writeParts(json, report.parts());
      ShutdownReportFile.writeResting(json, report.resting());
      ShutdownReportFile.writeAudit(json, report.left());
      json.writeObjectFieldStart("log");
      json.writeNumberField("warnings", report.log().warnings());
      json.writeNumberField("errors", report.log().errors());
      json.writeEndObject();
      json.writeEndObject();
    }
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static void writeParts(JsonGenerator json, List<PartEnd> parts) throws IOException {
    json.writeArrayFieldStart("parts");
    for (PartEnd part : parts) {
      json.writeStartObject();
      json.writeStringField("name", part.name());
      json.writeStringField("ended", part.ending().word());
      if (part.status().isPresent()) {
        json.writeNumberField("exit", part.status().getAsInt());
      } else {
        json.writeNullField("exit");
      }
      json.writeNumberField("restarts", part.restarts());
      json.writeNumberField("took-ms", part.took().toMillis());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Returns the report as a table of a few lines. */
  static List<String> table(String process, SupervisorReport report) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s stopped (%s) in %s ms%s: exit %d"
            .formatted(
                process,
                report.reason(),
                millis(report.took()),
                report.cutShort() ? ", cut short" : "",
                report.exit().status()));
    lines.add(
        report.phases().entrySet().stream()
            .map(phase -> phase.getKey() + " " + millis(phase.getValue()))
            .collect(Collectors.joining(", ", "phases ms   ", "")));
    String row = "  %-14s %-10s %6s %9s %10s";
    lines.add(row.formatted("part", "ended", "exit", "restarts", "took ms"));
    for (PartEnd part : report.parts()) {
      lines.add(
          row.formatted(
              part.name(),
              part.ending().word(),
              status(part.status()),
              part.restarts(),
              millis(part.took())));
    }
    ShutdownReportTable.restingLine(report.resting()).ifPresent(lines::add);
    lines.addAll(ShutdownReportTable.auditLines(report.left()));
    lines.add(
        "log         %d warnings, %d errors"
            .formatted(report.log().warnings(), report.log().errors()));
    return lines;
  }

  private static String status(OptionalInt status) {
    return status.isPresent() ? Integer.toString(status.getAsInt()) : "";
  }

  private static String millis(Duration time) {
    return String.format(Locale.ROOT, "%.1f", time.toNanos() / 1e6);
  }
}
