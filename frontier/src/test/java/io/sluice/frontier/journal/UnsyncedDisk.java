package io.sluice.frontier.journal;

import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A disk that never syncs, for tests whose many syncs would take most of their time. Stateless. */
public final class UnsyncedDisk implements Disk {

  @Override
  public void sync(FileChannel channel) {}

  @Override
  public void syncDirectory(Path directory) {}
}
