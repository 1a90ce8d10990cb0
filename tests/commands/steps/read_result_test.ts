import assert from "node:assert/strict";
import { test } from "node:test";
import {
  readResult,
  type ResultSource,
} from "../../../src/commands/steps/read_result.ts";
import { createMemory, systemError } from "../../support/memory_system.ts";
import { isError } from "../../support/zag_files.ts";

const encoder = new TextEncoder();
const LONG = "é\n".repeat(4 * 1024 * 1024);

/** The same content by each way that leads to bytes. */
function readBytes(bytes: Uint8Array): (() => string | undefined)[] {
  const memory = createMemory();
  memory.put("/r.txt", "");
  Object.assign(memory.files.get("/r.txt") ?? {}, { content: bytes });
  memory.stdin = bytes;
  const sources: ResultSource[] = [{ file: "/r.txt" }, { stdin: true }];
  return sources.map((source) => () => readResult(memory.system, source));
}

test("readResult gives nothing where nothing was given", () => {
  const memory = createMemory();
  assert.equal(readResult(memory.system, undefined), undefined);
  assert.deepEqual(memory.calls, []);
});

for (const text of ["", "007", "1e3", "9007199254740993", "-1", " a\n", "😀"]) {
  test(`readResult takes ${JSON.stringify(text)} as it is`, () => {
    const memory = createMemory();
    assert.equal(readResult(memory.system, { text }), text);
    for (const read of readBytes(encoder.encode(text))) {
      assert.equal(read(), text);
    }
  });
}

test("readResult takes a file whole", () => {
  for (const text of ["\ufeff{}\r\n\n", "a\0b", "\ufffd", LONG]) {
    for (const read of readBytes(encoder.encode(text))) {
      assert.ok(read() === text);
    }
  }
});

const NOT_UTF8 = [[0xff], [0x61, 0xe9, 0x61], [0xf0, 0x9f], [0xed, 0xa0, 0x80]];

for (const bytes of NOT_UTF8) {
  test(`readResult refuses the bytes ${bytes.join(" ")}`, () => {
    const names = ["/r.txt", "standard input"];
    readBytes(new Uint8Array(bytes)).forEach((read, i) => {
      assert.throws(
        read,
        isError(
          "input",
          new RegExp(
            `^Failed to read result file: ${names[i]}: it is not valid UTF-8$`,
          ),
        ),
      );
    });
  });
}

test("readResult refuses half of a surrogate pair", () => {
  const memory = createMemory();
  for (const text of ["\ud83d", "a\udc00b"]) {
    assert.throws(
      () => readResult(memory.system, { text }),
      isError("input", /surrogate/),
    );
  }
});

test("readResult names a file that is not there, escaped", () => {
  const memory = createMemory();
  assert.throws(
    () => readResult(memory.system, { file: "/no\x1b.txt" }),
    isError(
      "input",
      /^Failed to read result file: \/no\\x1b\.txt: no such file or folder \(ENOENT\)$/,
    ),
  );
});

for (
  const [code, words] of [["EACCES", "permission denied"], [
    "EISDIR",
    "it is a folder",
  ]]
) {
  test(`readResult says why: ${code}`, () => {
    const memory = createMemory();
    memory.onCall = () => {
      throw systemError(code ?? "");
    };
    for (const source of [{ file: "/r" }, { stdin: true }] as const) {
      assert.throws(
        () => readResult(memory.system, source),
        isError("input", new RegExp(`: ${words} \\(${code}\\)$`)),
      );
    }
  });
}

test("readResult refuses what zag-ps itself was read from", () => {
  const memory = createMemory();
  memory.stdin = undefined;
  assert.throws(
    () => readResult(memory.system, { stdin: true }),
    isError("usage", /^Cannot read the result .* from there\nPass /),
  );
});
