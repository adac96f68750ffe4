package io.sluice.it.web;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A reserved port that refuses every connection until a web is opened on it. */
public final class ClosedPort implements AutoCloseable {
  private final Socket socket = new Socket();
  private final int number;

  /** Reserves a free port on loopback; the caller closes it. */
  public ClosedPort() throws IOException {
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    number = socket.getLocalPort();
  }

  /** Its number. */
  public int number() {
    return number;
  }

  /** Opens a web on the port; the caller closes it. */
  public ScriptedWeb open(ScriptedWeb.Script script) throws IOException {
    close();
    return ScriptedWeb.start(script, number);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
