package io.sluice.launcher.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Priority;
import io.sluice.frontier.hold.HostState;
import io.sluice.frontier.inspect.ShardStats;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A frontier's numbers for programs: {@code owner}, {@code total}, {@code shards}. Stateless. */
final class FrontierStatsJson {

  private FrontierStatsJson() {}

  static void write(@Nullable String owner, List<ShardStats> shards, PrintWriter out)
      throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("owner", owner);
      json.writeFieldName("total");
      write(ShardStats.sum(shards), json);
      json.writeArrayFieldStart("shards");
      for (ShardStats shard : shards) {
        write(shard, json);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    out.println(text);
  }

  private static void write(ShardStats stats, JsonGenerator json) throws IOException {
    json.writeStartObject();
    if (stats.shard() >= 0) {
      json.writeNumberField("shard", stats.shard());
    }
    json.writeNumberField("generation", stats.generation());
    json.writeNumberField("hosts", stats.hosts());
    json.writeObjectFieldStart("hosts_by_state");
    for (HostState.Kind state : HostState.Kind.values()) {
      json.writeNumberField(state.word(), stats.hosts(state));
    }
    json.writeEndObject();
    write("held_by_reason", stats.heldHosts(), json);
    write("given_up_by_reason", stats.givenUpHosts(), json);
    json.writeNumberField("seen", stats.seen());
    json.writeObjectFieldStart("queued_by_priority");
    for (Priority priority : Priority.values()) {
      json.writeNumberField(priority.word(), stats.queued(priority));
    }
    json.writeEndObject();
    json.writeNumberField("queued", stats.queuedInAll());
    json.writeNumberField("leases", stats.leases());
    json.writeNumberField("retries", stats.retries());
    json.writeNumberField("set_aside", stats.setAside());
    json.writeNumberField("given_up", stats.givenUp());
    json.writeNumberField("planned", stats.planned());
    json.writeObjectFieldStart("ended");
    for (Ending ending : Ending.values()) {
      json.writeNumberField(ending.word(), stats.ended(ending));
    }
    json.writeEndObject();
    json.writeNumberField("pages", stats.ended(Ending.PAGE));
    json.writeNumberField("bytes", stats.bytes());
    json.writeNumberField("segments", stats.segments());
    write("disk_bytes", stats.disk(), json);
    json.writeEndObject();
  }

  private static void write(String name, Map<String, ? extends Number> counts, JsonGenerator json)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, ? extends Number> count : new TreeMap<>(counts).entrySet()) {
      json.writeNumberField(count.getKey(), count.getValue().longValue());
    }
    json.writeEndObject();
  }
}
