/**
 * Exchanges as WARC 1.1 records (ISO 28500:2017): a warcinfo record for each file, then for each
 * exchange a response or revisit record and its request record.
 */
@NullMarked
package io.sluice.parser.warc;

import org.jspecify.annotations.NullMarked;
