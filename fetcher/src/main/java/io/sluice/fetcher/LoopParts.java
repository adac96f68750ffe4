package io.sluice.fetcher;

import io.sluice.core.lease.LeaseDesk;
import io.sluice.fetcher.cookie.WaitingChains;
import io.sluice.fetcher.gate.Gate;
import io.sluice.fetcher.guard.AddressGuard;
import io.sluice.fetcher.handover.PagePublisher;
import io.sluice.fetcher.handover.RecordSink;
import io.sluice.fetcher.http.HttpClient;
import java.time.Clock;

/** The parts that the crawl loops of all lanes share. Immutable; every part is borrowed. */
record LoopParts(
    CrawlRules rules,
    AddressGuard guard,
    HttpClient client,
    LeaseDesk desk,
    Gate gate,
    PagePublisher publisher,
    RecordSink records,
    InFlight inFlight,
    WaitingChains chains,
    FetcherMetrics metrics,
    Clock clock) {}
