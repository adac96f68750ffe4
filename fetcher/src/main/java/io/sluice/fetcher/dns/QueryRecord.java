package io.sluice.fetcher.dns;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolverException;
import io.netty.resolver.dns.DnsQueryLifecycleObserver;
import io.sluice.core.lease.Reason;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The name servers' answers to all queries of one lookup. The resolver's own exception tells only
 * part of it: it is the same for a refused query as for a name without an address.
 *
 * <p>Confined to its resolver's event loop.
 */
final class QueryRecord implements DnsQueryLifecycleObserver {
  private final ServerWatch servers;
  private boolean errorAnswered;
  private boolean silent;
  private boolean socketFailed;

  /**
   * @param servers notified of answers; borrowed
   */
  QueryRecord(ServerWatch servers) {
    this.servers = servers;
  }

  /**
   * Why the lookup failed.
   *
   * @param failure the resolver's error; null for none
   * @param truncated whether an answer may have been truncated; then the lack of addresses in it
   *     means nothing
   */
  Reason reason(@Nullable Throwable failure, boolean truncated) {
    Reason reason = judge(failure, truncated);
    if (reason != Reason.DNS_TIMEOUT) {
      servers.answered();
    }
    return reason;
  }

  private Reason judge(@Nullable Throwable failure, boolean truncated) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof DnsErrorCauseException error) {
        return DnsResponseCode.NXDOMAIN.equals(error.getCode())
            ? Reason.DNS_NOT_FOUND
            : Reason.DNS_FAILED;
      }
      silent |= cause instanceof DnsNameResolverException;
      socketFailed |= isSocketsOwn(cause);
    }
    if (errorAnswered || (!silent && (truncated || socketFailed))) {
      return Reason.DNS_FAILED;
    }
    return silent ? Reason.DNS_TIMEOUT : Reason.DNS_NOT_FOUND;
  }

  private static boolean isSocketsOwn(Throwable cause) {
    return cause instanceof ChannelException
        || (cause instanceof IOException && !(cause instanceof UnknownHostException));
  }

  /** Whether a query got no answer. */
  boolean silent() {
    return silent;
  }

  @Override
  public DnsQueryLifecycleObserver queryNoAnswer(DnsResponseCode code) {
    errorAnswered = true;
    servers.answered();
    return this;
  }

  @Override
  public DnsQueryLifecycleObserver queryRedirected(List<InetSocketAddress> nameServers) {
    return this;
  }

  @Override
  public DnsQueryLifecycleObserver queryCNAMEd(DnsQuestion cnameQuestion) {
    servers.answered();
    return this;
  }

  @Override
  public void queryWritten(InetSocketAddress dnsServerAddress, ChannelFuture future) {}

  @Override
  public void queryCancelled(int queriesRemaining) {}

  @Override
  public void queryFailed(Throwable cause) {
    silent |= cause instanceof DnsNameResolverException; // a timeout, or the socket's error
  }

  @Override
  public void querySucceed() {
    servers.answered();
  }
}
