/**
 * Cookies for the length of a redirect chain (RFC 6265; docs/decisions/0017). Some sites answer the
 * first request with a cookie and a redirect back to the same URL, and admit only clients that send
 * the cookie back. A {@link io.sluice.fetcher.cookie.RedirectChain} holds the {@link
 * io.sluice.fetcher.cookie.CookieJar} of one such chain and knows which requests were made in it;
 * while the chain's next URL is queued, {@link io.sluice.fetcher.cookie.WaitingChains} keeps it.
 * When the chain ends, its cookies are gone.
 */
@NullMarked
package io.sluice.fetcher.cookie;

import org.jspecify.annotations.NullMarked;
