package io.sluice.core.config;

/**
 * What is stored. Immutable.
 *
 * @param jsonl whether pages are written to {@code output/pages/*.jsonl.gz}
 * @param warc whether exchanges are written to {@code output/warc/*.warc.gz} (WARC 1.1)
 * @param rotateBytes a file is sealed when it is this long
 * @param compressionLevel gzip level, 1 to 9
 */
public record OutputSettings(boolean jsonl, boolean warc, long rotateBytes, int compressionLevel) {}
