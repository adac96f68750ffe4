package io.sluice.core.sentinel;

/**
 * The two series of one kind: everything, and the part that has stayed. Confined to its sentinel's
 * thread.
 *
 * @param all how much there is
 * @param stayed how much of it has been there for {@link Stayers#STAYS}; all zeros if unknown
 */
record Track(Series all, Series stayed) {

  Track() {
    this(new Series(), new Series());
  }

  void add(long minute, double count, double of) {
    all.add(minute, count);
    stayed.add(minute, of);
  }
}
