package io.sluice.launcher.cli;

import io.sluice.launcher.demo.DemoServer;
import io.sluice.launcher.process.CannotStart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code sluice demo-web}: serves the demo's web and nothing else, until a signal ends the process.
 * Used by the Docker Compose demo, whose crawl runs in other containers. Confined to the main
 * thread.
 */
@Command(
    name = "demo-web",
    hidden = true,
    description = "Serve the web that the demo crawls.",
    mixinStandardHelpOptions = true)
final class DemoWebCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "Default: ${DEFAULT-VALUE}")
  private InetAddress bind;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8000",
      description = "Default: ${DEFAULT-VALUE}")
  private int port;

  @SuppressWarnings("NullAway.Init") // picocli sets them before anything runs
  DemoWebCommand() {}

  @Override
  public Integer call() throws CannotStart, InterruptedException {
    InetSocketAddress address = new InetSocketAddress(bind, port);
    try (DemoServer web = DemoServer.start(address)) {
      spec.commandLine().getOut().println("The demo's web begins at " + web.seed());
      spec.commandLine().getOut().flush();
      web.serve();
    } catch (IOException e) {
      throw new CannotStart(
          "the demo's web cannot be served on %s, port %d: %s"
              .formatted(bind.getHostAddress(), port, e.getMessage()));
    }
    return 0;
  }
}
