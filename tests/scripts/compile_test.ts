import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { test } from "node:test";
import {
  compileWithDeno,
  DENO_FLAGS,
  explainFailure,
  getDenoArguments,
} from "../../scripts/compile_deno.ts";
import { BUN_FLAGS, getBunArguments } from "../../scripts/compile_bun.ts";
import { findHostTarget, TARGETS } from "../../scripts/targets.ts";

const HOST = findHostTarget();
const BUNDLE = resolve("dist", "zag-ps.js");
const ONLY_DENO = process.versions["deno"]
  ? false
  : "it is tried when the tests run under Deno";
/** A program of this machine that stands in for denort. */
const STAND_IN =
  ["/bin/true", "/usr/bin/true"].find((path) => existsSync(path)) ?? "";
const skip = ONLY_DENO ||
  (process.platform === "linux" && HOST.deno && STAND_IN
    ? false
    : "it needs a small ELF program");

function runDeno(args: string[], variables: Record<string, string> = {}) {
  return spawnSync(process.execPath, args, {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", ...variables },
  });
}

async function inFolder(use: (folder: string) => unknown): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "zag-ps-compile-"));
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("getDenoArguments grants all, and takes in nothing but the bundle", () => {
  for (const target of TARGETS) {
    const args = getDenoArguments(target, "zag-ps.js", "out");
    assert.deepEqual(args, [
      "compile",
      ...DENO_FLAGS,
      `--target=${target.triple}`,
      "--output=out",
      "zag-ps.js",
    ]);
  }
  assert.ok(DENO_FLAGS.includes("-A"));
  // It would run code out of a file in the shared temporary folder.
  assert.ok(DENO_FLAGS.includes("--no-code-cache"));
});

test("getBunArguments never lets a folder's files change the program", () => {
  for (const name of ["dotenv", "bunfig", "tsconfig", "package-json"]) {
    assert.ok(BUN_FLAGS.includes(`--no-compile-autoload-${name}`), name);
  }
});

test("getBunArguments names a base for another machine alone", () => {
  const own = getBunArguments(HOST, undefined, "out").join(" ");
  assert.doesNotMatch(own, /--target|executable-path/);
  for (const target of TARGETS) {
    const args = getBunArguments(target, "base", "out");
    assert.ok(args.includes("--compile-executable-path=base"));
    assert.ok(args.some((arg) => arg.startsWith("--target=bun-")));
  }
});

test("compile has a program of one module, and built-ins", {
  skip: ONLY_DENO,
}, () => {
  const { status, stdout } = runDeno(["info", "--json", "--no-config", BUNDLE]);
  assert.equal(status, 0);
  const { modules, npmPackages } = JSON.parse(stdout);
  const kinds = modules.map(({ kind }: { kind: string }) => kind).sort();
  assert.equal(kinds.filter((kind: string) => kind === "esm").length, 1);
  assert.deepEqual([...new Set(kinds)], ["esm", "node"]);
  assert.deepEqual(npmPackages, {});
});

test("compile puts the bundle and the permissions into the program", {
  skip,
}, () =>
  inFolder((folder) => {
    const path = join(folder, "zag-ps");
    const { status, stderr } = runDeno(
      getDenoArguments(HOST, BUNDLE, path),
      { DENORT_BIN: STAND_IN },
    );
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^Embedded Files\n+zag-ps\n└── zag-ps\.js \(/m);
    const made = readFileSync(path);
    assert.ok(made.includes(readFileSync(BUNDLE)), "the bundle is in it");
    const [text = ""] = /\{"argv":.*?"app_name":"[^"]*"\}/
      .exec(made.toString("latin1")) ?? [];
    const metadata = JSON.parse(text);
    assert.equal(metadata.entrypoint_key, "zag-ps.js");
    assert.equal(metadata.code_cache_key, null);
    assert.equal(metadata.node_modules, null);
    assert.deepEqual(metadata.argv, []);
    assert.deepEqual(metadata.env_vars_from_env_file, {});
    for (const [name, value] of Object.entries(metadata.permissions)) {
      // An empty list of what is allowed stands for all of it.
      if (name.startsWith("allow_")) assert.deepEqual(value, [], name);
      else if (name !== "prompt") assert.equal(value, null, name);
    }
  }));

test(
  "compileWithDeno refuses a base that is not denort",
  { skip },
  () =>
    inFolder((folder) => {
      const path = join(folder, "zag-ps");
      assert.throws(
        () =>
          compileWithDeno(process.execPath, HOST, BUNDLE, path, {
            DENORT_BIN: STAND_IN,
          }),
        /^Error: Failed to compile a program that works: .*\n"DENORT_BIN" has to name denort, not deno$/,
      );
      assert.deepEqual(readdirSync(folder), []);
    }),
);

test(
  "compileWithDeno says what to do without a network",
  { skip },
  () =>
    inFolder((folder) => {
      const proxy = "http://127.0.0.1:9";
      const path = join(folder, "zag-ps");
      assert.throws(
        () =>
          compileWithDeno(process.execPath, HOST, BUNDLE, path, {
            DENO_DIR: join(folder, "cache"),
            HTTPS_PROXY: proxy,
            https_proxy: proxy,
            NO_PROXY: "",
            no_proxy: "",
          }),
        /^Error: Failed to compile for \S+: Deno could not download its base program, denort\nConnect to the network, or name a denort of the same Deno in "DENORT_BIN"$/,
      );
      assert.ok(!existsSync(path));
    }),
);

test("explainFailure takes the last cause that Deno names", () => {
  const stderr = "error: Writing\n\nCaused by:\n    0: Setting up\n" +
    "    1: No space left on device\n\nStack backtrace:\n   0: <unknown>\n";
  assert.match(explainFailure(HOST, stderr), /: No space left on device$/);
  assert.match(explainFailure(HOST, "error: Bad flag\n"), /: Bad flag$/);
  assert.match(explainFailure(HOST, ""), /: Deno did not say why$/);
});
