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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * A Lua script that Redis runs as one step, called by its digest. Immutable.
 *
 * @param <T> what it answers
 */
final class Script<T> {

  static final Script<byte[]> COMMIT = load("commit", ScriptOutputType.VALUE);

  static final Script<byte[]> BURY = load("bury", ScriptOutputType.VALUE);

  static final Script<List<Object>> READ = load("read", ScriptOutputType.MULTI);

  static final Script<List<Object>> REDO = load("redo", ScriptOutputType.MULTI);

  static final Script<List<Object>> SUSPECT = load("suspect", ScriptOutputType.MULTI);

  static final Script<Long> GIVE_BACK = load("giveback", ScriptOutputType.INTEGER);

  static final Script<List<Object>> REVOKE = load("revoke", ScriptOutputType.MULTI);

  static final Script<List<Object>> SCAN = load("scan", ScriptOutputType.MULTI);

  private final byte[] source;
  private final String digest;
  private final ScriptOutputType answer;

  private Script(byte[] source, ScriptOutputType answer) {
    this.source = source;
    this.digest = digest(source);
    this.answer = answer;
  }

  private static <T> Script<T> load(String name, ScriptOutputType answer) {
    try (InputStream in = Script.class.getResourceAsStream(name + ".lua")) {
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

  /** Runs the script; sends its text only when Redis does not know it. */
  CompletionStage<T> run(
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

  static byte[] arg(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] arg(long number) {
    return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
  }

  static String text(Object answer) {
    return new String((byte[]) answer, StandardCharsets.UTF_8);
  }
}
