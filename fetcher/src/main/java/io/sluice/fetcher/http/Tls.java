package io.sluice.fetcher.http;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.sluice.fetcher.reason.Reason;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS by the JDK's provider. The context is made when it is first needed: a crawl without https
 * does not pay for it.
 *
 * <p>Thread-safe: the context is made under a lock, without I/O.
 */
final class Tls {
  private final boolean verify;
  private final long handshakeMillis;
  private @Nullable SslContext context;

  /**
   * @param verify whether a certificate must be valid, and for this host
   * @param handshakeMillis for a handshake
   */
  Tls(boolean verify, long handshakeMillis) {
    this.verify = verify;
    this.handshakeMillis = handshakeMillis;
  }

  /**
   * A handler for one connection, which names the host (SNI) unless it is an address.
   *
   * @throws SSLException if the JDK has no usable TLS
   */
  SslHandler handler(Channel channel, Origin origin) throws SSLException {
    SslHandler handler = context().newHandler(channel.alloc(), origin.host(), origin.port());
    handler.setHandshakeTimeoutMillis(handshakeMillis);
    // The response is complete by its own framing: nobody waits for the host's goodbye.
    handler.setCloseNotifyReadTimeoutMillis(0);
    return handler;
  }

  private synchronized SslContext context() throws SSLException {
    if (context == null) {
      SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
      if (!verify) {
        builder
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .endpointIdentificationAlgorithm(null);
      }
      context = builder.build();
    }
    return context;
  }

  /** Why a handshake failed. */
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
