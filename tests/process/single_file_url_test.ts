import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { VERSION } from "../../src/model/version.ts";
import { makeEntry } from "../support/records.ts";
import { cachedForms, withWorld } from "../support/world.ts";

const BUNDLE = resolve("dist", "zag-ps.js");
const deno = cachedForms().find(({ name }) => name === "deno");
const skip = !process.versions["deno"]
  ? "the address is tried when the tests run under Deno"
  : !existsSync(BUNDLE)
  ? "dist/zag-ps.js is not built"
  : deno === undefined
  ? "Deno is not there"
  : false;

test("the single file runs from its address, and asks for nothing else", {
  skip,
}, () =>
  withWorld(async (world) => {
    world.writeProcesses([makeEntry({ id: "here", pid: 0 })]);
    const requests: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      requests.push(request.url);
      response.setHeader("content-type", "application/octet-stream");
      response.end(readFileSync(BUNDLE));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const { port } = server.address() as AddressInfo;
      const url = `http://127.0.0.1:${port}/latest/download/zag-ps.js`;
      const [program = ""] = deno?.command ?? [];
      const form = {
        name: "deno, address",
        command: [program, "run", "--quiet", "-A", url],
        // What it fetches is kept in the home, and gone with it.
        env: { DENO_DIR: join(world.home, "deno") },
      };
      const version = await world.run(["--version"], { form });
      assert.deepEqual(version, {
        status: 0,
        stdout: `zag-ps ${VERSION}\n`,
        stderr: "",
      });
      const listed = await world.run(["list"], { form });
      assert.deepEqual([listed.status, listed.stderr], [0, ""]);
      assert.match(listed.stdout, /^here /m);
      assert.deepEqual(requests, ["/latest/download/zag-ps.js"]);
    } finally {
      server.close();
    }
  }));
