package io.sluice.fetcher.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.NetUtil;
import io.sluice.core.config.FetcherSettings;
import io.sluice.core.lease.Reason;
import io.sluice.fetcher.testing.RecordingDesk;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The guard as a table. */
final class AddressGuardTest {
  private static AddressGuard guard(List<String> allow, Integer... ports) {
    return new AddressGuard(new FetcherSettings.Addresses(allow, List.of(ports)));
  }

  private static InetAddress address(String text) throws UnknownHostException {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
    // InetAddress.getByAddress would turn mapped addresses into IPv4 ones.
    return bytes.length == 16
        ? Inet6Address.getByAddress(null, bytes, -1)
        : InetAddress.getByAddress(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "64:ff9b::c0a8:101",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:c0a8:101::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fdff::1",
        "fe80::1",
        "fec0::1",
        "ff02::1"
      })
  void specialAddressesAreRefused(String text) throws UnknownHostException {
    assertThat(guard(List.of()).allows(address(text))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.1",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2001:200::1",
        "2606:4700::1111",
        "2a00:1450::1",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2002:808:808::1"
      })
  void publicAddressesAreAllowed(String text) throws UnknownHostException {
    assertThat(guard(List.of()).allows(address(text))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.0/8, 127.3.2.1, true",
    "127.0.0.0/8, 10.0.0.1, false",
    "127.0.0.0/8, ::ffff:127.0.0.1, true",
    "127.0.0.0/8, ::1, false",
    "::1, ::1, true",
    "fd00::/9, fd7f::1, true",
    "fd00::/9, fd80::1, false",
    "10.1.2.0/23, 10.1.3.255, true",
    "10.1.2.0/23, 10.1.4.0, false",
    "0.0.0.0/0, 192.168.0.1, true"
  })
  void aNamedRangeIsAllowed(String range, String text, boolean allowed)
      throws UnknownHostException {
    assertThat(guard(List.of(range)).allows(address(text))).isEqualTo(allowed);
  }

  @Test
  void urlsAreJudgedByPortAndCredentials() {
    assertThat(guard(List.of()).refusal(RecordingDesk.url("http://a.test:99/"), null)).isNull();
    assertThat(guard(List.of(), 80, 443).refusal(RecordingDesk.url("https://a.test/"), null))
        .isNull();
    assertThat(guard(List.of(), 80).refusal(RecordingDesk.url("https://a.test/"), null))
        .isEqualTo(Reason.PORT_FORBIDDEN);
    assertThat(guard(List.of()).refusal(RecordingDesk.url("http://me:secret@a.test/"), null))
        .isEqualTo(Reason.CREDENTIALS_FORBIDDEN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0/33", "::/129", "10.0.0.0/-1", "ten", "10.0.0/8"})
  void whatIsNoRangeIsRefused(String text) {
    assertThatThrownBy(() -> guard(List.of(text))).isInstanceOf(IllegalArgumentException.class);
  }
}
