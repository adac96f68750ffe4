package io.sluice.core.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * A Lua script that Redis runs atomically, called by its digest. Immutable.
 *
 * @param <T> the type of its answer
 */
public final class Script<T> {

  private final byte[] source;
  private final String digest;
  private final ScriptOutputType answer;

  private Script(byte[] source, ScriptOutputType answer) {
    this.source = source;
    this.digest = digest(source);
    this.answer = answer;
  }

  /**
   * Reads a script that is a resource beside a class.
   *
   * @param beside the class whose package holds the script
   * @param name the file's name, without {@code .lua}
   * @param answer the type of the script's answer
   */
  public static <T> Script<T> load(Class<?> beside, String name, ScriptOutputType answer) {
    try (InputStream in = beside.getResourceAsStream(name + ".lua")) {
      if (in == null) {
        throw new NoSuchFileException(name + ".lua");
      }
      return new Script<>(in.readAllBytes(), answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String digest(byte[] source) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(source));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs the script; sends its text only if Redis does not know it. */
  public CompletionStage<T> run(
      RedisAsyncCommands<byte[], byte[]> commands, byte[][] keys, byte[]... args) {
    CompletionStage<T> known = commands.evalsha(digest, answer, keys, args);
    return known.exceptionallyCompose(
        failure -> {
          Throwable cause =
              failure instanceof CompletionException && failure.getCause() != null
                  ? failure.getCause()
                  : failure;
          return cause instanceof RedisNoScriptException
              ? commands.eval(source, answer, keys, args)
              : CompletableFuture.failedFuture(failure);
        });
  }

  /** An argument as Redis takes it. */
  public static byte[] arg(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** An argument as Redis takes it. */
  public static byte[] arg(long number) {
    return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
  }

  /** A bulk string of an answer. */
  public static String text(Object answer) {
    return new String((byte[]) answer, StandardCharsets.UTF_8);
  }
}
