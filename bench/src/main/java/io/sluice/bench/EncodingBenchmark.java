package io.sluice.bench;

import io.sluice.parser.encoding.Encoding;
import java.nio.charset.Charset;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Decodes a page of 1 MB, half of it markup, and compares the speed with that of the JDK's charset;
 * results are in MB/s.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class EncodingBenchmark {

  /** The encoding's name, the JDK's name for it, and a sample word. */
  @Param({
    "UTF-8 UTF-8 слово",
    "windows-1252 windows-1252 été",
    "windows-1251 windows-1251 слово",
    "GBK GBK 中文网页",
    "Shift_JIS windows-31j 日本語の",
    "EUC-KR x-windows-949 한국어의",
    "Big5 Big5-HKSCS 中文網頁"
  })
  public String text = "";

  private byte[] bytes = {};
  private Encoding encoding = Encoding.UTF_8;
  private Charset charset = Charset.defaultCharset();

  @Setup
  public void encode() {
    String[] words = text.split(" ", -1);
    encoding = Objects.requireNonNull(Encoding.ofLabel(words[0]));
    charset = Charset.forName(words[1]);
    String piece = "<p class=\"a\">" + words[2] + " " + words[2] + "</p>\n";
    bytes = piece.repeat(1_000_000 / piece.getBytes(charset).length).getBytes(charset);
  }

  @Benchmark
  public String sluice() {
    return encoding.decode(bytes, 0, bytes.length);
  }

  @Benchmark
  public String jdk() {
    return new String(bytes, charset);
  }
}
