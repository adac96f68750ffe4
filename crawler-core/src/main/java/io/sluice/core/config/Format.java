package io.sluice.core.config;

import java.util.function.Function;

/**
 * How a kind of value is written, and which values are allowed. Implementations are immutable.
 *
 * @param <T> the type of the value
 */
interface Format<T> {

  /** Reads a text as a value, or returns why it is refused. */
  Read<T> read(String text);

  /** The allowed values, in words that continue "must be". */
  String allowed();

  /** The text as a message may show it. */
  default String echo(String text) {
    return Echo.of(text);
  }

  /** The result of reading a text. */
  sealed interface Read<T> {

    record Value<T>(T value) implements Read<T> {}

    /**
     * The text is not allowed.
     *
     * @param reason continues the sentence that the key begins
     */
    record Refused<T>(String reason) implements Read<T> {}
  }

  /** A format from its words and a function, which returns a value or a refusal. */
  static <T> Format<T> of(String allowed, Function<String, Read<T>> reader) {
    return new Format<>() {
      @Override
      public Read<T> read(String text) {
        return reader.apply(text);
      }

      @Override
      public String allowed() {
        return allowed;
      }
    };
  }

  /** This format, for values that may carry a password. */
  default Format<T> secret() {
    Format<T> open = this;
    return new Format<>() {
      @Override
      public Read<T> read(String text) {
        return open.read(text);
      }

      @Override
      public String allowed() {
        return open.allowed();
      }

      @Override
      public String echo(String text) {
        return Echo.withoutPassword(text);
      }
    };
  }

  /** A value that was read. */
  static <T> Read<T> value(T value) {
    return new Read.Value<>(value);
  }

  /** The usual refusal, which names the allowed values. */
  static <T> Read<T> mustBe(String allowed) {
    return new Read.Refused<>("must be " + allowed);
  }

  /** A refusal with a specific reason. */
  static <T> Read<T> refused(String reason) {
    return new Read.Refused<>(reason);
  }
}
