package io.sluice.core.tls;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the classes of TLS in advance. The JDK's first handshake loads some 800 of them, which
 * takes seconds on a busy machine: too long for an event loop, on which other connections are
 * waiting. Stateless.
 */
public final class FirstHandshake {

  private static final Logger log = LoggerFactory.getLogger(FirstHandshake.class);

  /** The ciphers of TLS 1.3. */
  private static final String[] CIPHERS = {"AES/GCM/NoPadding", "ChaCha20-Poly1305"};

  private FirstHandshake() {}

  /**
   * Starts a handshake without a peer, so that the classes it needs are loaded on the calling
   * thread.
   *
   * @param engine a client's engine; it cannot be used afterwards
   * @throws SSLException if the JDK has no usable TLS
   */
  public static void rehearse(SSLEngine engine) throws SSLException {
    engine.setUseClientMode(true);
    engine.beginHandshake();
    ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), hello);
    for (String cipher : CIPHERS) {
      try {
        Cipher.getInstance(cipher);
      } catch (GeneralSecurityException e) {
        log.debug("{} is not available", cipher, e);
      }
    }
  }
}
