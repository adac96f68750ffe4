package io.sluice.core.url;

import com.ibm.icu.text.IDNA;
import com.ibm.icu.util.ICUException;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The standard's "domain to ASCII" (3.3), by UTS #46 non-transitional processing. Loaded only by
 * the first host that needs it, since its data tables take long to load. Thread-safe: the processor
 * is immutable.
 */
final class Idna {

  /**
   * Longer names are refused unread: DNS allows 253 characters, and the work grows faster than the
   * length.
   */
  private static final int MAX_LENGTH = 1_000;

  private static final IDNA UTS46 =
      IDNA.getUTS46Instance(IDNA.NONTRANSITIONAL_TO_ASCII | IDNA.CHECK_BIDI | IDNA.CHECK_CONTEXTJ);

  /** Errors of checks that the standard turns off (CheckHyphens and VerifyDnsLength are false). */
  private static final Set<IDNA.Error> TOLERATED =
      EnumSet.of(
          IDNA.Error.EMPTY_LABEL,
          IDNA.Error.LABEL_TOO_LONG,
          IDNA.Error.DOMAIN_NAME_TOO_LONG,
          IDNA.Error.LEADING_HYPHEN,
          IDNA.Error.TRAILING_HYPHEN,
          IDNA.Error.HYPHEN_3_4);

  private Idna() {}

  /** The ASCII form of a domain, which may still contain forbidden characters; null on failure. */
  static @Nullable String toAscii(String domain) {
    if (domain.length() > MAX_LENGTH) {
      return null;
    }
    StringBuilder ascii = new StringBuilder(domain.length() + 16);
    IDNA.Info info = new IDNA.Info();
    try {
      UTS46.nameToASCII(domain, ascii, info);
    } catch (ICUException e) {
      // Thrown for a label that is too long for its Punycode coder.
      return null;
    }
    return TOLERATED.containsAll(info.getErrors()) ? ascii.toString() : null;
  }
}
