package io.sluice.core.resource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The name of this machine. Stateless. */
public final class HostName {

  /**
   * Read from the kernel, which answers at once; the JDK would query name servers, which may be
   * silent for seconds.
   */
  private static final Path KERNEL = Path.of("/proc/sys/kernel/hostname");

  private HostName() {}

  /** The host's name, or {@code fallback} if it is unknown. */
  public static String orElse(String fallback) {
    String name = name().strip();
    return name.isEmpty() ? fallback : name;
  }

  private static String name() {
    try {
      return Files.readString(KERNEL);
    } catch (IOException e) {
      return ofNetwork(); // not Linux
    }
  }

  private static String ofNetwork() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "";
    }
  }
}
