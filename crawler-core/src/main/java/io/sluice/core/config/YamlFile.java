package io.sluice.core.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ParserException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Reads a YAML 1.2 file into nodes that know their lines. The file is bounded in bytes and depth,
 * and aliases are refused, so that a short file cannot become a large tree. Stateless.
 */
final class YamlFile {

  private static final int MAX_BYTES = 16 << 20;
  private static final int MAX_DEPTH = 16;
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private YamlFile() {}

  /** The root node; null if the file cannot be used, which is then reported as a problem. */
  static @Nullable MappingNode read(Path file, Reading reading) {
    String text = text(file, reading);
    return text == null ? null : compose(text, reading);
  }

  private static @Nullable String text(Path file, Reading reading) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        fail(reading, "is larger than 16 MiB; move the seeds to the file crawl.seeds-file");
        return null;
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      fail(reading, "is not UTF-8 text");
      return null;
    } catch (NoSuchFileException e) {
      fail(reading, "there is no such file");
      return null;
    } catch (AccessDeniedException e) {
      fail(reading, "cannot be read: permission denied");
      return null;
    } catch (IOException e) {
      fail(reading, "cannot be read: " + Echo.sentence(String.valueOf(e.getMessage())));
      return null;
    }
  }

  private static @Nullable MappingNode compose(String text, Reading reading) {
    LoadSettings settings = LoadSettings.builder().setCodePointLimit(MAX_BYTES).build();
    Parser events =
        new PlainParser(new ParserImpl(settings, new StreamReader(settings, text)), MAX_DEPTH);
    try {
      Optional<Node> root = new Composer(settings, events).getSingleNode();
      if (root.isEmpty()) {
        fail(reading, "is empty; it must set at least crawl.user-agent and crawl.seeds");
      } else if (root.get() instanceof MappingNode mapping) {
        return mapping;
      } else {
        fail(reading, "is not a mapping of sections, such as crawl: and scope:");
      }
      return null;
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
      fail(reading, mark.map(m -> m.getLine() + 1).orElse(0), e.getProblem());
      return null;
    } catch (YamlEngineException e) {
      fail(reading, 0, e.getMessage());
      return null;
    }
  }

  private static void fail(Reading reading, int line, @Nullable String why) {
    String reason = "is not valid YAML: " + Echo.sentence(String.valueOf(why));
    reading.report(new Problem(reading.file(), line, "", null, reason, null));
  }

  private static void fail(Reading reading, String reason) {
    reading.report(Problem.ofFile(reading.file(), reason));
  }

  /**
   * Passes on events, but refuses aliases and nesting that is too deep, which bounds the composer's
   * recursion.
   */
  private static final class PlainParser implements Parser {

    private final Parser parser;
    private final int maxDepth;
    private int depth;

    PlainParser(Parser parser, int maxDepth) {
      this.parser = parser;
      this.maxDepth = maxDepth;
    }

    @Override
    public boolean checkEvent(Event.ID id) {
      return parser.checkEvent(id);
    }

    @Override
    public Event peekEvent() {
      return parser.peekEvent();
    }

    @Override
    public boolean hasNext() {
      return parser.hasNext();
    }

    @Override
    public Event next() {
      Event event = parser.next();
      switch (event.getEventId()) {
        case MappingStart, SequenceStart -> {
          if (++depth > maxDepth) {
            throw new ParserException(
                "nested more than " + maxDepth + " levels deep", event.getStartMark());
          }
        }
        case MappingEnd, SequenceEnd -> depth--;
        case Alias -> throw new ParserException("aliases are not supported", event.getStartMark());
        default -> {}
      }
      return event;
    }
  }
}
