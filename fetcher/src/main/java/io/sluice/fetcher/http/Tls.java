package io.sluice.fetcher.http;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.sluice.core.lease.Reason;
import io.sluice.core.tls.FirstHandshake;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS by the JDK's provider. The context is created when it is first needed, so that a crawl
 * without https does not pay for it. It is created on threads outside the event loops: on a busy
 * machine this takes seconds, during which a loop would serve no other host. The computations of
 * handshakes run on the same threads.
 *
 * <p>Thread-safe: the context is created once, under a lock.
 */
final class Tls {
  private final boolean verify;
  private final long handshakeMillis;
  private final Executor aside;
  private @Nullable CompletableFuture<SslContext> context;

  /**
   * @param verify whether a certificate must be valid and match the host
   * @param handshakeMillis maximum time of a handshake
   * @param aside runs tasks that would block an event loop; borrowed
   */
  Tls(boolean verify, long handshakeMillis, Executor aside) {
    this.verify = verify;
    this.handshakeMillis = handshakeMillis;
    this.aside = aside;
  }

  /**
   * Prepares TLS, unless preparation is in progress or has succeeded.
   *
   * @return a future that completes, on a thread of {@code aside}, when handlers can be made, and
   *     fails if the JDK has no usable TLS
   */
  synchronized CompletableFuture<SslContext> ready() {
    CompletableFuture<SslContext> known = context;
    if (known == null || known.isCompletedExceptionally()) { // perhaps for lack of memory
      known = begin();
      context = known;
    }
    return known;
  }

  private CompletableFuture<SslContext> begin() {
    try {
      return CompletableFuture.supplyAsync(this::prepare, aside);
    } catch (RejectedExecutionException e) { // the fetcher has stopped
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * Creates the handler of one connection, which sends the host's name (SNI) unless the host is an
   * address.
   *
   * @param ready the result of {@link #ready}
   */
  SslHandler handler(SslContext ready, Channel channel, Origin origin) {
    SslHandler handler = ready.newHandler(channel.alloc(), origin.host(), origin.port(), aside);
    handler.setHandshakeTimeoutMillis(handshakeMillis);
    ServerName.apply(handler.engine(), origin.host());
    // The response is complete by its own framing, so there is no need to wait for the
    // close_notify.
    handler.setCloseNotifyReadTimeoutMillis(0);
    return handler;
  }

  private SslContext prepare() {
    try {
      SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
      if (verify) {
        builder.trustManager(OddNameTrust.ofTheJdk());
      } else {
        builder
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .endpointIdentificationAlgorithm(null);
      }
      SslContext made = builder.build();
      FirstHandshake.rehearse(made.newEngine(UnpooledByteBufAllocator.DEFAULT));
      return made;
    } catch (GeneralSecurityException | SSLException e) {
      throw new CompletionException(e);
    }
  }

  /** The reason for a failed handshake. */
  static Reason reasonOf(@Nullable Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return Reason.TLS_CERTIFICATE;
      }
      if (cause instanceof SslHandshakeTimeoutException) {
        return Reason.TLS_TIMEOUT;
      }
    }
    return Reason.TLS_FAILED;
  }
}
