package io.sluice.fetcher.http;

import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.StandardConstants;
import org.jspecify.annotations.Nullable;

/**
 * Host names that DNS, browsers and curl accept but the JDK's TLS does not: with an underscore, or
 * with labels that begin or end with a hyphen. The JDK sends no SNI for them and fails to verify
 * their certificates. Stateless.
 */
final class ServerName {

  /** The type of a DNS name among a certificate's alternative names (RFC 5280, 4.2.1.6). */
  private static final int DNS_NAME = 2;

  private static final int MAX_LABEL = 63;

  private ServerName() {}

  /** A host name that is sent unchanged, since {@link SNIHostName} refuses it in every form. */
  private static final class Verbatim extends SNIServerName {
    Verbatim(String host) {
      super(StandardConstants.SNI_HOST_NAME, host.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** Whether the JDK's TLS refuses the name; false for addresses and null. */
  static boolean isOdd(@Nullable String host) {
    if (host == null || host.startsWith("[")) {
      return false;
    }
    try {
      var _ = new SNIHostName(host);
      return false;
    } catch (IllegalArgumentException e) {
      return true;
    }
  }

  /** Sets an odd host's name for SNI, and leaves its verification to {@link OddNameTrust}. */
  static void apply(SSLEngine engine, String host) {
    if (isOdd(host)) {
      SSLParameters parameters = engine.getSSLParameters();
      parameters.setServerNames(indication(host));
      parameters.setEndpointIdentificationAlgorithm(""); // null would leave the setting unchanged
      engine.setSSLParameters(parameters);
    }
  }

  /** An odd host's SNI name (RFC 6066, 3); empty if the name is not valid in DNS, either. */
  static List<SNIServerName> indication(String host) {
    boolean possible =
        Arrays.stream(host.split("\\.", -1))
            .allMatch(label -> !label.isEmpty() && label.length() <= MAX_LABEL);
    return possible ? List.of(new Verbatim(host)) : List.of();
  }

  /**
   * Whether one of a certificate's DNS names matches the host (RFC 9525, 6.3). A wildcard must be
   * the whole first label of a name with at least two more labels; the subject is ignored.
   */
  static boolean matches(String host, X509Certificate certificate)
      throws CertificateParsingException {
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    return names != null
        && names.stream()
            .filter(name -> Integer.valueOf(DNS_NAME).equals(name.getFirst()))
            .anyMatch(name -> matches(host, String.valueOf(name.get(1))));
  }

  static boolean matches(String host, String presented) {
    String wanted = host.toLowerCase(Locale.ROOT);
    String name = presented.toLowerCase(Locale.ROOT);
    if (!name.startsWith("*.")) {
      return name.equals(wanted);
    }
    String parent = name.substring(1);
    int dot = wanted.indexOf('.');
    return dot > 0 && parent.indexOf('.', 1) > 0 && wanted.substring(dot).equals(parent);
  }
}
