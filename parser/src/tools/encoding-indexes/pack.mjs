// Writes the indexes of the Encoding Standard as one gzip file: for each index its name (one byte of length, ASCII), its
// number of entries (two bytes, big-endian), and for each entry a varint: 0 for none, else 1 + zigzag(code point minus the
// last code point). "gb18030-ranges" holds pairs: pointer, code point.
import { createRequire } from 'node:module';
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const indexes = createRequire(import.meta.url)('text-encoding/lib/encoding-indexes.js')['encoding-indexes'];

// The standard's index gb18030 since GB 18030-2022: two bytes, code point.
const GB18030_2022 = [
  [0xa6d9, 0xfe10], [0xa6da, 0xfe12], [0xa6db, 0xfe11], [0xa6dc, 0xfe13], [0xa6dd, 0xfe14], [0xa6de, 0xfe15],
  [0xa6df, 0xfe16], [0xa6ec, 0xfe17], [0xa6ed, 0xfe18], [0xa6f3, 0xfe19], [0xfe59, 0x9fb4], [0xfe61, 0x9fb5],
  [0xfe66, 0x9fb6], [0xfe67, 0x9fb7], [0xfe6d, 0x9fb8], [0xfe7e, 0x9fb9], [0xfe90, 0x9fba], [0xfea0, 0x9fbb],
];
for (const [bytes, codePoint] of GB18030_2022) {
  const trail = bytes & 0xff;
  indexes.gb18030[((bytes >> 8) - 0x81) * 190 + trail - (trail < 0x7f ? 0x40 : 0x41)] = codePoint;
}

const out = [];
for (const [name, index] of Object.entries(indexes)) {
  const entries = name === 'gb18030-ranges' ? index.flat() : index;
  out.push(name.length, ...Buffer.from(name, 'ascii'), entries.length >> 8, entries.length & 0xff);
  let last = 0;
  for (const entry of entries) {
    let value = 0;
    if (entry !== null) {
      const delta = entry - last;
      value = 1 + (delta < 0 ? -2 * delta - 1 : 2 * delta);
      last = entry;
    }
    while (value > 0x7f) {
      out.push((value & 0x7f) | 0x80);
      value >>>= 7;
    }
    out.push(value);
  }
}
writeFileSync(process.argv[2], gzipSync(Buffer.from(out), { level: 9 }));
