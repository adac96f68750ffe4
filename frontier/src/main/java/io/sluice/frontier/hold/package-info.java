/**
 * Holds: a failure that says nothing about a URL is attributed to its host.
 *
 * <p>Each host has a {@link io.sluice.frontier.hold.HostState}, which changes with what each visit
 * {@linkplain io.sluice.core.lease.Finding found}. A host in trouble is held: its URLs stay queued
 * and uncharged, and one probe at a time is sent, each on another URL. A good answer lifts the
 * hold. If there is none, the {@link io.sluice.frontier.hold.HoldPolicy} determines when to give
 * the host up, by the crawl's {@link io.sluice.frontier.hold.CrawlTime}; its URLs then stay on disk
 * and do not keep the crawl from ending. When the crawl's own connection fails, the {@link
 * io.sluice.frontier.hold.Uplink} holds the whole crawl instead.
 */
@NullMarked
package io.sluice.frontier.hold;

import org.jspecify.annotations.NullMarked;
