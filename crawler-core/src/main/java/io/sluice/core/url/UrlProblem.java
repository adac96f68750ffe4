package io.sluice.core.url;

/** Why a string is not a crawlable URL. */
enum UrlProblem {
  TOO_LONG("it is longer than " + Url.MAX_LENGTH + " characters"),
  EMPTY("it is empty"),
  NO_SCHEME("it does not begin with http:// or https://"),
  OTHER_SCHEME("its scheme is not http or https"),
  NO_HOST("it has no host"),
  BAD_PORT("its port is not a number from 0 to 65535"),
  FORBIDDEN_CHARACTER("its host has a character that is not allowed in a host"),
  BAD_IPV4("its host ends in a number but is not an IPv4 address"),
  BAD_IPV6("the text in brackets is not an IPv6 address"),
  BAD_INTERNATIONAL_NAME("its host is not a valid internationalized domain name");

  private final String reason;

  UrlProblem(String reason) {
    this.reason = reason;
  }

  /** The reason as a clause about the URL, such as {@code it has no host}. */
  String reason() {
    return reason;
  }
}
