package io.sluice.core.url;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FieldUrlTest {

  @ParameterizedTest
  @CsvSource({
    "UTF-8, /яндекс?q=д, http://a.test/%D1%8F%D0%BD%D0%B4%D0%B5%D0%BA%D1%81?q=%D0%B4",
    "ISO-8859-1, /café?q=é, http://a.test/caf%E9?q=%E9",
    "UTF-8, http://åäö.se/, http://xn--4cab6c.se/",
    "ISO-8859-1, http://åäö.se/,",
    "UTF-8, /plain?a=%zz#x, http://a.test/plain?a=%zz"
  })
  void bytesOfAFieldAreAskedForAsTheyAre(String charset, String sent, @Nullable String asked) {
    Url base = Objects.requireNonNull(Url.parse("http://a.test/"));
    byte[] bytes = sent.getBytes(Charset.forName(charset));
    String value = new String(bytes, StandardCharsets.ISO_8859_1);

    Url url = base.resolve(FieldUrl.text(value));

    assertThat(url == null ? null : url.href()).isEqualTo(asked);
  }
}
