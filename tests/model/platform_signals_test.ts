import assert from "node:assert/strict";
import { test } from "node:test";
import {
  hasGracefulSignals,
  outcomeOfSignal,
} from "../../src/model/platform_signals.ts";

const PLATFORMS: [platform: string, graceful: boolean][] = [
  ["linux", true],
  ["darwin", true],
  ["freebsd", true],
  ["android", true],
  ["win32", false],
];

for (const [platform, graceful] of PLATFORMS) {
  test(`hasGracefulSignals of ${platform} is ${graceful}`, () => {
    assert.equal(hasGracefulSignals(platform), graceful);
    assert.equal(outcomeOfSignal(platform), graceful ? "signalled" : "ended");
  });
}
