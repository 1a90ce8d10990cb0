// deno-lint-ignore no-control-regex
const ASCII = /^[\x00-\x7f]*$/;
const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });

/** For all the short texts: a new one for each takes longer than decoding. */
const ROOM = new Uint8Array(1024);

/**
 * The text of UTF-8 bytes.
 *
 * @param bytes one character for each byte (Latin-1)
 */
export function decodeBytes(bytes: string): string {
  const { length } = bytes;
  if (ASCII.test(bytes)) return bytes;
  const octets = length <= ROOM.length ? ROOM : new Uint8Array(length);
  for (let i = 0; i < length; i++) octets[i] = bytes.charCodeAt(i);
  return DECODER.decode(octets.subarray(0, length));
}
