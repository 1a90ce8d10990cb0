import assert from "node:assert/strict";
import { test } from "node:test";
import {
  nameTerminal,
  parseDeletedTerminal,
} from "../../src/system/terminal_names.ts";

/** As the kernel packs them (new_encode_dev of its `kdev_t.h`). */
function pack(major: number, minor: number): number {
  return ((minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12)) >>> 0;
}

// The first two numbers are recorded on Linux 6.18, beside the link of fd 0;
// the others are packed after the kernel's list of devices.
const NUMBERS: [what: string, number: number, name: string | undefined][] = [
  ["/dev/pts/0", 34816, "/dev/pts/0"],
  ["/dev/pts/1", 34817, "/dev/pts/1"],
  ["a two-byte pseudo-terminal", pack(136, 255), "/dev/pts/255"],
  ["the 256th pseudo-terminal", pack(136, 256), "/dev/pts/256"],
  ["one of the last pseudo-terminals", pack(136, 900_000), "/dev/pts/900000"],
  ["a pseudo-terminal of an old kernel", pack(137, 4), "/dev/pts/260"],
  ["the first console", pack(4, 1), "/dev/tty1"],
  ["the last console", pack(4, 63), "/dev/tty63"],
  ["the first serial line", pack(4, 64), "/dev/ttyS0"],
  ["a USB serial line", pack(188, 0), undefined],
  ["the system console", pack(5, 1), undefined],
  ["a disk", pack(8, 1), undefined],
];

for (const [what, number, name] of NUMBERS) {
  test(`nameTerminal of ${what} is ${name}`, () => {
    assert.equal(nameTerminal(number), name);
  });
}

// Recorded on Linux 6.18, save for the last three.
const LINKS: [link: string, name: string | undefined][] = [
  ["/dev/pts/0 (deleted)", "/dev/pts/0"],
  ["/dev/pts/0", undefined],
  ["/dev/null", undefined],
  ["pipe:[12345]", undefined],
  ["/tmp/nohup.out (deleted)", undefined],
  ["/home/ada/dev/pts/0 (deleted)", undefined],
  ["/dev/pts/ptmx (deleted)", undefined],
  ["", undefined],
];

for (const [link, name] of LINKS) {
  test(`parseDeletedTerminal of "${link}" is ${name}`, () => {
    assert.equal(parseDeletedTerminal(link), name);
  });
}
