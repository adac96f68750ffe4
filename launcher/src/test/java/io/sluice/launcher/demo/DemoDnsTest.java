package io.sluice.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DemoDnsTest {

  private static final int A = 1;
  private static final int AAAA = 28;

  @Test
  void nameOfTheDemoIsLoopback() throws IOException {
    ByteBuffer answer = ask("Harbour.demo.sluice.test", A);
    assertThat(answer.getShort(0)).isEqualTo((short) 0x1234);
    assertThat(answer.getShort(2) & 0x8000).as("response bit").isNotZero();
    assertThat(answer.getShort(6)).as("answers").isEqualTo((short) 1);
    byte[] address = new byte[4];
    answer.get(answer.limit() - 4, address);
    assertThat(address).containsExactly(127, 0, 0, 1);
  }

  @Test
  void nameOfTheDemoHasNoOtherRecords() throws IOException {
    ByteBuffer answer = ask("harbour.demo.sluice.test", AAAA);
    assertThat(answer.getShort(2) & 0xF).as("code").isZero();
    assertThat(answer.getShort(6)).as("answers").isZero();
  }

  @Test
  void otherNamesDoNotExist() throws IOException {
    assertThat(ask("example.org", A).getShort(2) & 0xF).isEqualTo(3);
  }

  @Test
  void brokenQueriesAreNotAnswered() throws IOException {
    assertThat(DemoDns.answer(ByteBuffer.wrap(new byte[11]))).isNull();
    assertThat(DemoDns.answer(ByteBuffer.wrap(new byte[13]).put(12, (byte) 63))).isNull();
  }

  private static ByteBuffer ask(String name, int type) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream query = new DataOutputStream(bytes);
    for (int word : new int[] {0x1234, 0x0100, 1, 0, 0, 0}) {
      query.writeShort(word);
    }
    for (String label : name.split("\\.", -1)) {
      query.writeByte(label.length());
      query.write(label.getBytes(StandardCharsets.US_ASCII));
    }
    query.writeByte(0);
    query.writeShort(type);
    query.writeShort(1);
    byte @Nullable [] answer = DemoDns.answer(ByteBuffer.wrap(bytes.toByteArray()));
    assertThat(answer).isNotNull();
    return ByteBuffer.wrap(answer);
  }
}
