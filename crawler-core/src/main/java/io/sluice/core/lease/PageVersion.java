package io.sluice.core.lease;

/**
 * The version of a page, from which a later visit can tell whether the page has changed. Immutable.
 *
 * @param validators the server's names for this version
 * @param digest 64 bits of a digest of the content without its content coding
 */
public record PageVersion(Validators validators, long digest) {

  /** Whether both have the same content. */
  public boolean sameContent(PageVersion other) {
    return digest == other.digest;
  }
}
