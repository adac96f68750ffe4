// Prints what @exodus/bytes makes of many inputs, as the first 16 hexadecimal digits of SHA-256 over the UTF-16BE text:
//   <encoding> single           all 256 single bytes, each decoded alone, a line feed after each
//   <encoding> <lead>           the 256 inputs of two bytes that begin with <lead>, likewise
//   <encoding> random           256 pseudo-random inputs of 512 bytes, likewise
import { TextDecoder } from '@exodus/bytes/encoding.js';
import { createHash } from 'node:crypto';

const MULTI_BYTE = ['gbk', 'gb18030', 'big5', 'euc-jp', 'iso-2022-jp', 'shift_jis', 'euc-kr'];
const UNICODE = ['utf-8', 'utf-16le', 'utf-16be'];
const SINGLE_BYTE = [
  'ibm866', 'iso-8859-2', 'iso-8859-3', 'iso-8859-4', 'iso-8859-5', 'iso-8859-6', 'iso-8859-7', 'iso-8859-8',
  'iso-8859-8-i', 'iso-8859-10', 'iso-8859-13', 'iso-8859-14', 'iso-8859-15', 'iso-8859-16', 'koi8-r', 'koi8-u',
  'macintosh', 'windows-874', 'windows-1250', 'windows-1251', 'windows-1252', 'windows-1253', 'windows-1254',
  'windows-1255', 'windows-1256', 'windows-1257', 'windows-1258', 'x-mac-cyrillic', 'x-user-defined',
];

// Bytes that the states of the decoders are sensitive to come often.
const TELLING = [0x1b, 0x24, 0x28, 0x40, 0x42, 0x49, 0x4a, 0x30, 0x39, 0x3c, 0x5c, 0x7e, 0x80, 0x81, 0x8e, 0x8f, 0xa0, 0xa1, 0xff];

function random(seed) {
  let state = seed;
  return () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 16;
}

function digest(encoding, inputs) {
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  const hash = createHash('sha256');
  for (const input of inputs) {
    hash.update(Buffer.from(decoder.decode(Uint8Array.from(input)) + '\n', 'utf16le').swap16());
  }
  return hash.digest('hex').slice(0, 16);
}

const all = Array.from({ length: 256 }, (_, i) => i);

function randomInputs() {
  const next = random(20260729);
  return all.map(() =>
    Array.from({ length: 512 }, () => {
      const kind = next() % 4;
      const value = next();
      return kind === 0 ? TELLING[value % TELLING.length] : kind === 1 ? value % 128 : value % 256;
    }));
}

for (const encoding of [...SINGLE_BYTE, ...MULTI_BYTE, ...UNICODE]) {
  console.log(`${encoding} single ${digest(encoding, all.map((b) => [b]))}`);
  console.log(`${encoding} random ${digest(encoding, randomInputs())}`);
  if (!SINGLE_BYTE.includes(encoding)) {
    for (const lead of all) {
      console.log(`${encoding} ${lead} ${digest(encoding, all.map((b) => [lead, b]))}`);
    }
  }
}
