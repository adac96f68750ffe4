package io.sluice.core.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.KeepAliveOptions;
import io.lettuce.core.SocketOptions.TcpUserTimeoutOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.EpollProvider;
import io.lettuce.core.resource.NettyCustomizer;
import io.lettuce.core.resource.Transports;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.sluice.core.config.RedisSettings;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.tls.FirstHandshake;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens connections to one Redis on one I/O thread, through the client library. Everything that the
 * library would do on its own (reconnecting, replaying, queueing while disconnected) is disabled.
 * Owns that thread and the library's resources; each socket is entered in the ledger and removed
 * when it closes.
 *
 * <p>Thread-safe: all mutable parts are.
 */
final class Connector implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Connector.class);
  private static final String OWNER = "redis";
  private static final Duration KEEP_ALIVE_IDLE = Duration.ofSeconds(30);
  private static final Duration KEEP_ALIVE_INTERVAL = Duration.ofSeconds(10);
  private static final Duration USER_TIMEOUT = Duration.ofSeconds(30);
  private static final long CLOSE_MILLIS = 2_000;

  private static final String NO_UNIX_SOCKETS =
      "a unix socket needs Netty's native library, which cannot be loaded from %s; set TMPDIR to"
              .formatted(System.getProperty("java.io.tmpdir"))
          + " a directory where programs may run, or use a Redis server at redis://";

  private static final List<ResourceKind> LOOP =
      List.of(ResourceKind.THREAD, ResourceKind.EPOLL, ResourceKind.BUFFER, ResourceKind.TIMER);

  private final RedisURI uri;
  private final String clientName;
  private final MultiThreadIoEventLoopGroup group;
  private final EventLoop loop;
  private final List<Ledger.Entry> entries = new ArrayList<>();
  private final HostLookups lookups;
  private final ClientResources resources;
  private final RedisClient client;

  /**
   * Counts this object and each unfinished attempt to connect; no attempt may register once all
   * have left.
   */
  private final Phaser attempts = new Phaser(1);

  /** Every open socket; one that is added after the group was closed is closed at once. */
  private final ChannelGroup channels;

  private volatile boolean closed;

  /**
   * @param window maximum number of commands in flight on a connection
   * @throws RedisUnavailableException if the URI is invalid, or if it names a unix socket and the
   *     native library for these is missing
   */
  Connector(RedisSettings settings, String clientName, int window, Ledger ledger)
      throws RedisUnavailableException {
    this.uri = parse(settings);
    this.clientName = clientName;
    boolean epoll = EpollProvider.isAvailable();
    if (uri.getSocket() != null && !Transports.NativeTransports.isDomainSocketSupported()) {
      throw RedisUnavailableException.unfit(NO_UNIX_SOCKETS);
    }
    ClientOptions options = options(settings, window, epoll); // before anything is open
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    this.group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("redis-io"), io);
    this.loop = group.next();
    this.channels = new DefaultChannelGroup(loop, true);
    // The loop's thread, its poller, its share of the buffers; and the client's own timer.
    for (ResourceKind kind : LOOP) {
      entries.add(ledger.enter(kind, OWNER));
    }
    this.lookups = new HostLookups(ledger);
    this.resources =
        DefaultClientResources.builder()
            .eventLoopGroupProvider(new OneLoop(group))
            .eventExecutorGroup(group)
            .addressResolverGroup(lookups)
            .commandLatencyRecorder(CommandLatencyRecorder.disabled())
            .nettyCustomizer(
                new NettyCustomizer() {
                  @Override
                  public void afterChannelInitialized(Channel channel) {
                    enter(channel, ledger);
                  }
                })
            .build();
    this.client = RedisClient.create(resources);
    client.setOptions(options);
  }

  private static RedisURI parse(RedisSettings settings) throws RedisUnavailableException {
    try {
      RedisURI uri = RedisURI.create(settings.uri());
      uri.setTimeout(settings.commandTimeout());
      return uri;
    } catch (IllegalArgumentException e) {
      throw new RedisUnavailableException(
          "redis.uri: is not the address of a Redis server; write redis://host:6379, rediss://,"
              + " redis-socket:///path or embedded",
          e);
    }
  }

  /**
   * Options that detect half-open connections: probes while nothing is sent, and a time limit for
   * data that is not acknowledged, if the transport supports it. A unix socket needs neither.
   */
  static SocketOptions socketOptions(Duration connectTimeout, boolean tcp, boolean epoll) {
    SocketOptions.Builder socket =
        SocketOptions.builder().connectTimeout(connectTimeout).tcpNoDelay(true);
    if (!tcp) {
      return socket.keepAlive(KeepAliveOptions.builder().disable().build()).build();
    }
    socket.keepAlive(
        KeepAliveOptions.builder()
            .enable()
            .idle(KEEP_ALIVE_IDLE)
            .interval(KEEP_ALIVE_INTERVAL)
            .count(3)
            .build());
    if (epoll) {
      socket.tcpUserTimeout(
          TcpUserTimeoutOptions.builder().enable().tcpUserTimeout(USER_TIMEOUT).build());
    }
    return socket.build();
  }

  private ClientOptions options(RedisSettings settings, int window, boolean epoll) {
    boolean tcp = uri.getSocket() == null;
    ClientOptions.Builder options = ClientOptions.builder();
    if (uri.isSsl()) {
      options.sslOptions(sslOptions());
    }
    return options
        .autoReconnect(false)
        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
        .requestQueueSize(2 * window + 64)
        .pingBeforeActivateConnection(false)
        .protocolVersion(ProtocolVersion.RESP2)
        // A command that is late shows that its connection is dead; the pool handles both at once.
        .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
        .socketOptions(socketOptions(settings.commandTimeout(), tcp, epoll))
        .build();
  }

  /**
   * TLS whose certificates and classes are loaded here, since the client creates a context for each
   * connection, on its event loop.
   */
  private static SslOptions sslOptions() {
    try {
      TrustManagerFactory trusted =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trusted.init((KeyStore) null);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trusted.getTrustManagers(), null);
      FirstHandshake.rehearse(context.createSSLEngine());
      return SslOptions.builder().jdkSslProvider().trustManager(trusted).build();
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("the JDK has no usable TLS", e);
    }
  }

  private void enter(Channel channel, Ledger ledger) {
    int descriptor =
        channel instanceof UnixChannel unix ? unix.fd().intValue() : Ledger.NO_DESCRIPTOR;
    Ledger.Entry entry = ledger.enter(ResourceKind.REDIS, OWNER, descriptor);
    channel.closeFuture().addListener(gone -> entry.close());
    channels.add(channel);
  }

  /** The one I/O thread. */
  EventLoop loop() {
    return loop;
  }

  /** The server's address as users know it, without a password. */
  String address() {
    return uri.getSocket() != null ? uri.getSocket() : uri.getHost() + ":" + uri.getPort();
  }

  /**
   * Opens a connection; the stage completes on the I/O thread. It fails once the connector is
   * closed.
   */
  CompletionStage<StatefulRedisConnection<byte[], byte[]>> open() {
    if (closed || attempts.register() < 0) {
      return CompletableFuture.failedStage(new RedisLostException("no longer connecting"));
    }
    RedisURI named = RedisURI.builder(uri).build();
    named.setClientName(clientName);
    try {
      return client
          .connectAsync(ByteArrayCodec.INSTANCE, named)
          .whenComplete((connection, failure) -> attempts.arriveAndDeregister());
    } catch (RuntimeException e) {
      attempts.arriveAndDeregister();
      throw e;
    }
  }

  /**
   * Closes what is open, ends the attempts in progress and then the thread; takes a few
   * milliseconds, at most some seconds. An event loop that is ending does not close sockets that
   * are registered with it late, so no attempt may outlive this call.
   */
  @Override
  public void close() {
    closed = true;
    await("sockets", channels.close());
    lookups.close();
    awaitAttempts();
    await("client", client.shutdownAsync(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS));
    await("resources", resources.shutdown(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS));
    await("thread", group.shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS));
    entries.forEach(Ledger.Entry::close);
  }

  private void awaitAttempts() {
    try {
      attempts.awaitAdvanceInterruptibly(
          attempts.arriveAndDeregister(), CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      log.warn("attempts to connect to Redis did not end in time", e);
    }
  }

  private static void await(String what, java.util.concurrent.Future<?> closing) {
    try {
      closing.get(CLOSE_MILLIS + 500, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.warn("the Redis client did not close in time: {}", what, e);
    }
  }
}
