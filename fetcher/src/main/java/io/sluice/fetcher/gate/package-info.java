/**
 * The one gate that every request passes on its way out. A visit gets a {@link
 * io.sluice.fetcher.gate.Pass} from the {@link io.sluice.fetcher.gate.Gate}, a pass issues a {@link
 * io.sluice.fetcher.gate.Leave} for one request to one host, and the HTTP client sends nothing
 * without one. Whether a pass can issue a leave depends on the clocks of the host, its registered
 * domain and its address, which the frontier keeps (docs/decisions/0015).
 */
@NullMarked
package io.sluice.fetcher.gate;

import org.jspecify.annotations.NullMarked;
