package io.sluice.launcher.cli;

import picocli.CommandLine.IVersionProvider;

/**
 * Provides the text of {@code --version}: Sluice's version, from its jar, and Java's. Immutable.
 */
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {
      "sluice %s (Java %s)".formatted(version == null ? "from sources" : version, Runtime.version())
    };
  }
}
