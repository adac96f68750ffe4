package io.sluice.launcher.demo;

import io.sluice.core.resource.ResourceLedger;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;

/**
 * The demo's web as a process of its own, for crawls that run elsewhere. Owns the web. Thread-safe.
 */
public final class DemoServer implements AutoCloseable {

  private final DemoWeb web;

  private DemoServer(DemoWeb web) {
    this.web = web;
  }

  /**
   * Starts serving.
   *
   * @param address where to listen
   * @throws IOException if the server cannot listen there
   */
  public static DemoServer start(InetSocketAddress address) throws IOException {
    return new DemoServer(DemoWeb.start(address, new ResourceLedger()));
  }

  /** The page where a crawl begins; its host name must resolve to this server. */
  public String seed() {
    return DemoSite.seed(web.port());
  }

  /**
   * Serves for as long as the process lives.
   *
   * @throws InterruptedException if the thread is interrupted
   */
  public void serve() throws InterruptedException {
    new CountDownLatch(1).await();
  }

  @Override
  public void close() {
    web.close();
  }
}
