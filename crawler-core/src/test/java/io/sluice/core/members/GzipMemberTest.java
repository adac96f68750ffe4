package io.sluice.core.members;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class GzipMemberTest {

  private final OpenStream stream = new OpenStream();

  @Test
  void membersFollowEachOtherOnAStreamThatStaysOpen() throws IOException {
    for (String text : new String[] {"one\n", "", "two\n"}) {
      try (GzipMember member = new GzipMember(stream, 6)) {
        member.write(text.getBytes(US_ASCII));
        assertThat(member.length()).isEqualTo(text.length());
      }
    }
    assertThat(stream.closed).isFalse();
    assertThat(plain()).isEqualTo("one\ntwo\n");
  }

  @Test
  void aClosedMemberIsNotEndedAgain() throws IOException {
    GzipMember member = new GzipMember(stream, 9);
    member.write('x');
    member.close();
    int size = stream.size();
    member.close();
    member.abandon();
    assertThat(stream.size()).isEqualTo(size);
    assertThat(plain()).isEqualTo("x");
  }

  @Test
  void anAbandonedMemberWritesNothingMore() throws IOException {
    GzipMember member = new GzipMember(stream, 1);
    byte[] noise = new byte[100_000];
    new Random(1).nextBytes(noise);
    member.write(noise);
    int size = stream.size();
    member.abandon();
    member.close();
    assertThat(stream.size()).isEqualTo(size);
  }

  private String plain() throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(stream.toByteArray()))) {
      return new String(in.readAllBytes(), US_ASCII);
    }
  }

  private static final class OpenStream extends ByteArrayOutputStream {
    private boolean closed;

    @Override
    public void close() {
      closed = true;
    }
  }
}
