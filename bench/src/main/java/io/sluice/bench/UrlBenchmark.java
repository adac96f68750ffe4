package io.sluice.bench;

import io.sluice.core.url.Url;
import java.net.URI;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Resolves and normalizes typical links, and compares the time with that of {@link URI}, which
 * doesn't follow the standard.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class UrlBenchmark {

  private static final String BASE = "http://docs.example.org:8081/manual/en/mod/core.html";
  private static final int LINKS = 8;
  private static final String[] REFERENCES = {
    "directives.html",
    "../glossary.html#request",
    "/en/mod/mod_rewrite.html?view=all#rewriterule",
    "./",
    "../../../index.html",
    "http://other.example.com/a/b/c.html",
    "//cdn.example.net/lib/page",
    "HTTPS://Docs.Example.org/%7euser/caf\u00e9",
  };

  private final Url base = Objects.requireNonNull(Url.parse(BASE));
  private final URI uriBase = URI.create(BASE);

  /** Resolves eight links of different kinds; the result is the time for one. */
  @Benchmark
  @OperationsPerInvocation(LINKS)
  public void resolve(Blackhole sink) {
    for (String reference : REFERENCES) {
      sink.consume(base.resolve(reference));
    }
  }

  /** The JDK's resolver and normalizer, for comparison. */
  @Benchmark
  @OperationsPerInvocation(LINKS)
  public void resolveWithJavaUri(Blackhole sink) {
    for (String reference : REFERENCES) {
      sink.consume(uriBase.resolve(reference).normalize());
    }
  }
}
