package io.sluice.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CrawlFilesTest {

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(
            new FileSystemException("/x", null, "Read-only file system"),
            "/x: Read-only file system"),
        Arguments.of(new NoSuchFileException("/x"), "/x: no such file"),
        Arguments.of(new AccessDeniedException("/x"), "/x: access denied"),
        Arguments.of(new IOException("No space left on device"), "No space left on device"),
        Arguments.of(new EOFException(), "EOF"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aReasonIsInWordsAndNamesNoClass(IOException failure, String reason) {
    assertThat(CrawlFiles.reason(failure)).isEqualTo(reason);
  }
}
