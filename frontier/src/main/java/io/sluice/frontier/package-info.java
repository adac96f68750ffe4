/**
 * All URLs of a crawl, in files, and the right to visit them.
 *
 * <p>The life of a URL: somebody {@linkplain io.sluice.frontier.Frontier#offer offers} it. Its
 * registered domain decides the shard, and there it is judged: known already, refused, or accepted,
 * which marks it seen and queues it at its host in one journal event. When the host's time has come
 * and there is credit, the URL is leased to the fetcher. The lease ends exactly once:
 * <em>done</em>, together with what was found on the page; <em>retry</em>, after a while; or
 * <em>given back</em>, to the head of its queue. Between the visit and its end the page may be
 * <em>outstanding</em>, in Redis or with a parser, and stays so across restarts.
 *
 * <p>A page may be visited again ({@link io.sluice.frontier.recrawl}): then its end puts it on its
 * shard's calendar, and when it is due it is queued once more.
 *
 * <p>Each shard is confined to one thread ({@link io.sluice.frontier.shard}); calls are messages.
 * What spans shards is in three thread-safe places: {@link io.sluice.frontier.shard.Credit}, which
 * bounds what is out, {@link io.sluice.frontier.governor.Governor}, which knows when an IP address
 * may be visited, and {@link io.sluice.frontier.shard.CrawlEnd}, which finds out that nothing is
 * left.
 */
@NullMarked
package io.sluice.frontier;

import org.jspecify.annotations.NullMarked;
