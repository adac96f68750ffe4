/**
 * The handover, and the life of a page in Redis. A fetcher takes the partition ({@link
 * io.sluice.core.stream.Ownership}) and appends the page to the stream of pages ({@link
 * io.sluice.core.stream.PageAppender}). A worker of the group reads it ({@link
 * io.sluice.core.stream.PageConsumer}), writes its output, and commits: one script sends the
 * outcome, records the files' offsets, and deletes the page. The fetcher reads the outcome ({@link
 * io.sluice.core.stream.OutcomeReader}) and deletes it once it is in the frontier's journal. A page
 * whose worker died is taken over by another; one that has killed its worker three times goes to
 * the dead letters. Commits, takeovers and deletions are scripts, each atomic in Redis and fenced
 * by owner, node or epoch.
 */
@NullMarked
package io.sluice.core.stream;

import org.jspecify.annotations.NullMarked;
