package io.sluice.fetcher.http;

import io.netty.buffer.ByteBuf;
import io.sluice.core.lease.Reason;
import io.sluice.core.message.Body;
import io.sluice.core.message.Header;
import io.sluice.core.message.PageCodec;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The response to one exchange while it arrives: its phase, how long its host may be silent, and
 * the bytes gathered so far. It does not touch the channel: its connection reads, and acts on the
 * result of {@link #gather}.
 *
 * <p>Its life:
 *
 * <ol>
 *   <li>{@link Phase#WAITING}: the request is sent, and no byte has arrived.
 *   <li>{@link Phase#HEAD}: bytes arrive. Interim heads count towards the bound and are skipped.
 *   <li>{@link Phase#BODY}: the head is complete, and content is gathered. If the body needs more
 *       memory than is available, the phase becomes {@link Phase#HELD_UP}, in which nothing is
 *       read, and {@link Phase#BODY} again once the memory is granted.
 *   <li>{@link Phase#ENDED}: the response was passed on, whole or in part, with its memory; or it
 *       was dropped, and its memory released.
 * </ol>
 *
 * <p>Confined to its channel's event loop.
 */
final class ResponseAssembly {

  /**
   * Maximum number of bytes that a connection may already have read when it is held up; if there
   * are more, the response is given up.
   */
  private static final long ALREADY_READ_BYTES = 128 << 10;

  /** Maximum number of bytes kept of an incomplete body. */
  private static final int PART_BYTES = 1 << 20;

  final Exchange exchange;

  private final LaneContext context;
  private final String ip;
  private final Instant begunAt;

  private Phase phase = Phase.WAITING;

  /** Size of the heads so far, including interim ones, in bytes. */
  private long headBytes;

  /** The pace of the response; null before its first byte. */
  private @Nullable FirstPace pace;

  /** The head and the body so far; null before the head, and once the response has ended. */
  private @Nullable Content content;

  /**
   * Total duration of completed waits for memory; {@link #heldUpSinceNanos} starts the current one.
   */
  private long heldUpNanos;

  private long heldUpSinceNanos;

  /** When the request was sent, or the last bytes were read. */
  private long sinceNanos;

  /** The phases of a response. */
  enum Phase {
    WAITING,
    HEAD,
    BODY,
    HELD_UP,
    ENDED
  }

  /** What the connection must do after some content was gathered. */
  enum Next {
    READ_ON,

    /** Stop reading until the memory that was claimed is granted. */
    HOLD_UP,

    /** The body has reached its maximum length: end the response there. */
    CUT,

    /** Too many bytes have arrived since the body was held up: give up the response. */
    GIVE_UP,

    /** Content arrived without a head: refuse the response. */
    REFUSE
  }

  private record Content(ResponseHead head, BodyBuffer buffer, BodyMemory memory) {}

  /** Creates the assembly of the response to a request that is being sent now. */
  ResponseAssembly(LaneContext context, Exchange exchange, String ip) {
    this.context = context;
    this.exchange = exchange;
    this.ip = ip;
    this.sinceNanos = context.nanoTime();
    this.begunAt = context.now();
  }

  /** Whether no byte of the response has arrived. */
  boolean waiting() {
    return phase == Phase.WAITING;
  }

  /** The reason of the failure if the host closes the connection now. */
  Reason ifClosed() {
    return switch (phase) {
      case WAITING, HEAD -> Reason.CONNECTION_CLOSED;
      case BODY, HELD_UP, ENDED -> Reason.BODY_INCOMPLETE;
    };
  }

  void bytesArrived(int bytes) {
    sinceNanos = context.nanoTime();
    if (pace == null) {
      phase = Phase.HEAD;
      pace = new FirstPace(exchange.request.terms().firstByteNanos(), sinceNanos);
    }
    pace.read(bytes, sinceNanos);
  }

  /**
   * Accepts a head.
   *
   * @param announced the length of the body; -1 if it is unknown
   * @param onGrant called when memory that was claimed is granted, on any thread
   * @return false if the heads are too large
   */
  boolean begin(ResponseHead next, long announced, Runnable onGrant) {
    headBytes += next.raw().length();
    if (headBytes > context.bounds().maxHeaderBytes()
        || next.fields().size() > PageCodec.MAX_HEADERS) {
      return false;
    }
    if (!next.interim()) {
      BodyBudget bodies = context.bodies();
      BodyBuffer buffer =
          new BodyBuffer(exchange.request.maxBodyBytes(), announced, bodies.freeBytes());
      content = new Content(next, buffer, new BodyMemory(bodies, onGrant));
      phase = Phase.BODY;
    }
    return true;
  }

  /** Gathers a slice of the content. The caller keeps ownership of it. */
  Next gather(ByteBuf more) {
    Content current = content;
    if (current == null) {
      return Next.REFUSE;
    }
    BodyBuffer buffer = current.buffer;
    if (!buffer.append(more)) {
      return Next.CUT;
    }
    if (phase == Phase.HELD_UP) {
      // Reading has stopped, but bytes already received are still delivered when the server closes.
      return buffer.excess() > ALREADY_READ_BYTES ? Next.GIVE_UP : Next.READ_ON;
    }
    if (!buffer.outgrown()) {
      return Next.READ_ON;
    }
    if (current.memory.claim(buffer.nextStep(), buffer.mostSteps())) {
      buffer.grow();
      return Next.READ_ON;
    }
    phase = Phase.HELD_UP;
    heldUpSinceNanos = context.nanoTime();
    return Next.HOLD_UP;
  }

  /**
   * Continues after the body's claim was granted.
   *
   * @return whether the body was waiting for the claim, so that reading resumes
   */
  boolean goOn() {
    if (phase != Phase.HELD_UP || content == null || pace == null) {
      return false;
    }
    phase = Phase.BODY;
    sinceNanos = context.nanoTime();
    heldUpNanos += Math.max(1, sinceNanos - heldUpSinceNanos);
    pace.restart(sinceNanos);
    content.buffer.grow();
    return true;
  }

  /** Whether the head is complete and the connection may carry another exchange after this body. */
  boolean keepsConnection() {
    return phase == Phase.BODY && content != null && content.head.keepsAlive();
  }

  /**
   * Ends the response and passes it on with its memory; null if there is no head.
   *
   * @param cut whether the body was longer than the bound and was cut
   */
  HttpReply.@Nullable Answered finish(boolean cut) {
    Content ended = take();
    if (ended == null) {
      return null;
    }
    Body whole = ended.buffer.body(); // copied while the buffer's memory is still claimed
    ended.memory.shrink(whole.size());
    return new HttpReply.Answered(response(ended.head, whole, cut), ended.memory);
  }

  /**
   * Passes on the received part of the response, for an exchange that is about to fail; null if
   * parts are not kept, or if the head is incomplete.
   */
  HttpReply.@Nullable Part takePart() {
    Content ended = context.bounds().keepsParts() ? take() : null;
    if (ended == null) {
      return null;
    }
    Body part = ended.buffer.beginning(PART_BYTES);
    ended.memory.shrink(part.size());
    return new HttpReply.Part(response(ended.head, part, false), ended.memory);
  }

  /** Drops the response and releases its memory. Idempotent. */
  void drop() {
    Content ended = take();
    if (ended != null) {
      ended.memory.release();
    }
  }

  private @Nullable Content take() {
    Content taken = content;
    content = null;
    phase = Phase.ENDED;
    return taken;
  }

  private Response response(ResponseHead head, Body body, boolean cut) {
    List<Header> fields =
        head.fields().stream()
            .filter(field -> !field.name().equalsIgnoreCase("transfer-encoding"))
            .toList();
    return new Response(
        head.protocol(),
        head.status(),
        head.statusText(),
        fields,
        head.raw(),
        body,
        cut,
        exchange.head,
        ip,
        begunAt);
  }

  /**
   * Whether a failure is due to a lack of memory: the response is or was held up, and its host did
   * not wait.
   */
  boolean failsForMemory(Reason reason) {
    return phase == Phase.HELD_UP
        || (heldUpNanos > 0
            && reason != Reason.IDLE_TIMEOUT
            && reason != Reason.TOTAL_TIMEOUT); // which already allows for the time held up
  }

  /** How long the body has waited for memory so far. */
  long heldUpNanos() {
    return heldUpNanos + (phase == Phase.HELD_UP ? context.nanoTime() - heldUpSinceNanos : 0);
  }

  /**
   * The time at which the host counts as silent or slow for too long, unless more bytes arrive
   * first.
   */
  long deadlineNanos() {
    long now = context.nanoTime();
    if (phase == Phase.HELD_UP) {
      return now + context.bounds().idleNanos(); // nothing arrives because we have stopped reading
    }
    if (pace != null) {
      return now + Math.min(idleLeftNanos(now), pace.leftNanos(now));
    }
    return sinceNanos + Math.min(context.bounds().firstByteNanos(), exchange.firstByteNanos());
  }

  private long idleLeftNanos(long now) {
    return sinceNanos + context.bounds().idleNanos() - now;
  }

  /** The reason of the failure if {@link #deadlineNanos} has passed. */
  Reason timeout() {
    if (phase == Phase.WAITING) {
      return Reason.FIRST_BYTE_TIMEOUT;
    }
    return idleLeftNanos(context.nanoTime()) <= 0 ? Reason.IDLE_TIMEOUT : Reason.TOTAL_TIMEOUT;
  }
}
