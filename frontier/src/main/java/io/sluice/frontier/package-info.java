/**
 * All URLs of a crawl, in files, and the right to visit them.
 *
 * <p>The life of a URL: it is {@linkplain io.sluice.frontier.Frontier#offer offered}. Its
 * registered domain decides the shard, where it is judged: known already, refused, or accepted,
 * which marks it seen and queues it at its host in one journal event. When the host is due and
 * there is credit, the URL is leased to the fetcher. The lease ends exactly once: usually
 * <em>done</em>, together with what was found on the page; otherwise, for example, <em>retry</em>,
 * after a delay, or <em>given back</em>, to the head of its queue. Between the visit and its end
 * the page may be <em>outstanding</em>, in Redis or with a parser, and stays so across restarts.
 *
 * <p>A page may be visited again ({@link io.sluice.frontier.recrawl}): then its end puts it on its
 * shard's calendar, and when it is due it is queued once more.
 *
 * <p>Each shard is confined to one thread ({@link io.sluice.frontier.shard}); calls are messages.
 * The state that shards share is in three thread-safe classes: {@link
 * io.sluice.frontier.credit.Credit}, which bounds the number of leases out, {@link
 * io.sluice.frontier.governor.Governor}, which decides when an IP address may be visited, and
 * {@link io.sluice.frontier.shard.EndDetector}, which detects that no work is left.
 */
@NullMarked
package io.sluice.frontier;

import org.jspecify.annotations.NullMarked;
