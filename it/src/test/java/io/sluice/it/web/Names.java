package io.sluice.it.web;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Maps names to a name server's answers. Called only on the server's thread. */
@FunctionalInterface
public interface Names {

  /**
   * Answers one question about a name, which is given without its final dot; the root is {@code
   * "."}.
   */
  Answer answer(String name);

  /** The name has this IPv4 address, and no other address. */
  static Answer at(InetAddress address) {
    return new Answer(0, address);
  }

  /** NXDOMAIN: the name does not exist. */
  static Answer absent() {
    return new Answer(3, null);
  }

  /** SERVFAIL: the server could not resolve the name. */
  static Answer failure() {
    return new Answer(2, null);
  }

  /** REFUSED: the server refuses to answer. */
  static Answer refused() {
    return new Answer(5, null);
  }

  /** The name exists and has no address. */
  static Answer noAddress() {
    return new Answer(0, null);
  }

  /** The server does not answer. */
  static Answer silence() {
    return new Answer(-1, null);
  }

  /**
   * One answer.
   *
   * @param code the RCODE; negative for no answer
   * @param address an IPv4 address; null if the answer has none
   */
  record Answer(int code, @Nullable InetAddress address) {
    boolean silent() {
      return code < 0;
    }
  }
}
