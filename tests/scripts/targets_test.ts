import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import {
  findHostTarget,
  getArchiveName,
  getBunName,
  getProgramName,
  type Target,
  TARGETS,
} from "../../scripts/targets.ts";
import { cachedForms } from "../support/world.ts";

const NAMES = [
  ...TARGETS.map(getArchiveName),
  ...["SHA256SUMS", "install.ps1", "install.sh"],
  ...["zag-ps.js", "zag-ps.json", "zag-ps.rb"],
];
const deno = cachedForms().find(({ name }) => name === "deno");

/** The names that a rule leaves over. */
function select(...patterns: RegExp[]): string[] {
  return NAMES.filter((name) => patterns.every((rule) => rule.test(name)));
}

const SYSTEMS = {
  linux: /linux/i,
  darwin: /darwin|mac|osx/i,
  // The word is in "darwin", too.
  win32: /[^r]win|windows/i,
};
const CPUS = {
  x64: /x64|amd64|x86[-_]?64/i,
  arm64: /arm64|armv8|aarch64/i,
};

for (const target of TARGETS) {
  const { triple, platform, arch, libc } = target;
  const name = getArchiveName(target);

  test(`getArchiveName is what eget looks for on ${triple}`, () => {
    const found = select(SYSTEMS[platform], CPUS[arch]);
    assert.equal(found.length, libc ? 2 : 1);
    // With two C libraries it asks, or is told: eget --asset musl.
    const told = found.filter((name) => name.includes(libc ?? ""));
    assert.deepEqual(told, [name]);
  });

  test(`getArchiveName is what mise looks for on ${triple}`, () => {
    // It wants whole words, and knows the C library.
    const word = (words: string) =>
      new RegExp(`(?:\\b|_)(?:${words})(?:\\b|_)`, "i");
    const rules = [
      { linux: word("linux"), darwin: word("darwin"), win32: word("windows") },
      { x64: word("x86[_-]64"), arm64: word("aarch_?64") },
      { gnu: word("gnu"), musl: word("musl"), none: /./ },
    ] as const;
    const [systems, cpus, libcs] = rules;
    assert.deepEqual(
      select(systems[platform], cpus[arch], libcs[libc ?? "none"]),
      [name],
    );
  });

  test(`getArchiveName is what one line tells aqua about ${triple}`, () => {
    const cpu = { x64: "x86_64", arm64: "aarch64" }[arch];
    const system = {
      linux: `unknown-linux-${libc}`,
      darwin: "apple-darwin",
      win32: "pc-windows-msvc",
    }[platform];
    const format = platform === "win32" ? "zip" : "tar.gz";
    assert.equal(name, `zag-ps-${cpu}-${system}.${format}`);
  });
}

test("getBunName names the packages of Bun", () => {
  assert.deepEqual(TARGETS.map(getBunName).sort(), [
    "bun-darwin-aarch64",
    "bun-darwin-x64",
    "bun-linux-aarch64",
    "bun-linux-aarch64-musl",
    "bun-linux-x64",
    "bun-linux-x64-musl",
    "bun-windows-aarch64",
    "bun-windows-x64",
  ]);
});

test("getProgramName has an extension on Windows alone", () => {
  const names = (wanted: (target: Target) => boolean) => [
    ...new Set(TARGETS.filter(wanted).map(getProgramName)),
  ];
  assert.deepEqual(names(({ platform }) => platform === "win32"), [
    "zag-ps.exe",
  ]);
  assert.deepEqual(names(({ platform }) => platform !== "win32"), ["zag-ps"]);
});

test("findHostTarget finds this machine", () => {
  assert.ok(TARGETS.includes(findHostTarget()));
});

test("TARGETS has every target that Deno offers", {
  skip: deno ? false : "Deno is not there",
}, () => {
  const [program = ""] = deno?.command ?? [];
  const { stderr } = spawnSync(program, ["compile", "--target=none", "x.ts"], {
    encoding: "utf8",
    env: { ...deno?.env, NO_COLOR: "1" },
  });
  const [, offered = ""] = /possible values: (.*)/.exec(stderr) ?? [];
  assert.deepEqual(
    TARGETS.filter(({ deno }) => deno).map(({ triple }) => triple).sort(),
    offered.split(", ").sort(),
  );
});
