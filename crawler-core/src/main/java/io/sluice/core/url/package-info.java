/**
 * URLs as the WHATWG URL standard defines them, restricted to {@code http} and {@code https}, and
 * the registered domains of their hosts.
 *
 * <p>A string becomes a {@link io.sluice.core.url.Url} in one pass: {@code UrlText} cuts what the
 * standard never looks at, {@code UrlParser} takes scheme, authority, path and query in turn and
 * leaves the host to {@code HostParser} (which leaves addresses to {@code Ipv4Parser} and {@code
 * Ipv6Parser}, and names that are not ASCII to {@code Idna}) and the path to {@code PathParser};
 * each appends its serialized form to one buffer. Where one of them fails it names a {@code
 * UrlProblem}.
 */
@NullMarked
package io.sluice.core.url;

import org.jspecify.annotations.NullMarked;
