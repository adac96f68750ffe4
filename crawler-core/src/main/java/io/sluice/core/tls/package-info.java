/** Code that the fetcher and the Redis client share for TLS with the JDK's provider. */
@NullMarked
package io.sluice.core.tls;

import org.jspecify.annotations.NullMarked;
