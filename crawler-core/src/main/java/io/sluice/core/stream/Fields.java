package io.sluice.core.stream;

/** The field names of stream entries: constants, never changed. */
final class Fields {

  static final byte[] LEASE = {'k'};
  static final byte[] HEADER = {'h'};
  static final byte[] BODY = {'b'};

  private Fields() {}
}
