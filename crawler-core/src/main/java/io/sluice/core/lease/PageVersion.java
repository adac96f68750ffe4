package io.sluice.core.lease;

/**
 * What it takes to tell later whether a page has changed. Immutable.
 *
 * @param validators what its server calls this version
 * @param digest 64 bits of a digest of the content without its content coding
 */
public record PageVersion(Validators validators, long digest) {

  /** Whether both are of the same content. */
  public boolean sameContent(PageVersion other) {
    return digest == other.digest;
  }
}
