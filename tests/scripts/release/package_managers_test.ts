import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import process from "node:process";
import { test } from "node:test";
import { renderFormula } from "../../../scripts/release/homebrew.ts";
import { parseSums, REPOSITORY } from "../../../scripts/release/published.ts";
import { renderScoopManifest } from "../../../scripts/release/scoop.ts";
import { renderShellFiles } from "../../../scripts/shell_files.ts";
import { findTool, skipWithout } from "../../support/tools.ts";

const UNIX = [
  "aarch64-apple-darwin",
  "x86_64-apple-darwin",
  "aarch64-unknown-linux-gnu",
  "x86_64-unknown-linux-gnu",
].map((triple) => `zag-ps-${triple}.tar.gz`);
const WINDOWS = ["x86_64-pc-windows-msvc", "aarch64-pc-windows-msvc"]
  .map((triple) => `zag-ps-${triple}.zip`);

/** A checksum for each name. */
function makeSum(name: string): string {
  return [...name].map((letter) => letter.charCodeAt(0).toString(16)).join("")
    .padEnd(64, "0").slice(-64);
}

const SUMS = parseSums(
  [...UNIX, ...WINDOWS].map((name) => `${makeSum(name)}  ${name}\n`).join(""),
);
const FOLDER = `${REPOSITORY}/releases/download/v1.2.3`;

test("parseSums reads both forms of a line, and refuses others", () => {
  const sum = "a".repeat(64);
  assert.deepEqual(
    [...parseSums(`${sum}  x.zip\n${sum} *y.zip\n`)],
    [["x.zip", sum], ["y.zip", sum]],
  );
  for (const line of ["x", `${sum} x`, `${sum.slice(1)}  x`, `${sum}  a b`]) {
    assert.throws(() => parseSums(`${line}\n`), /is no line of it/);
  }
});

test("renderFormula has the archive and the sum of each platform", () => {
  const formula = renderFormula("1.2.3", SUMS);
  const pairs = [...formula.matchAll(/url "(.*)"\n +sha256 "(.*)"/g)];
  assert.deepEqual(
    pairs.map(([, url, sum]) => [url, sum]),
    UNIX.map((name) => [`${FOLDER}/${name}`, makeSum(name)]),
  );
  assert.match(formula, /^ {2}version "1\.2\.3"$/m);
  assert.match(
    formula,
    /on_macos do\n {4}on_arm do\n.*aarch64-apple[^]*on_linux do\n.*on_arm do\n.*aarch64-unknown/,
  );
});

test("renderFormula installs files that are in the archive", () => {
  const formula = renderFormula("1.2.3", SUMS);
  const files = [...formula.matchAll(/\.install "([^"]+)"/g)]
    .map(([, path = ""]) => path);
  const there = renderShellFiles(process.cwd());
  assert.equal(files[0], "zag-ps");
  for (const path of files.slice(1)) assert.ok(there.has(path), path);
  assert.equal(files.length, 5);
});

test("renderFormula writes Ruby", { skip: skipWithout("ruby") }, () => {
  const { status, stdout, stderr } = spawnSync(
    findTool("ruby") ?? "",
    ["--disable-gems", "-wc"],
    { input: renderFormula("1.2.3", SUMS), encoding: "utf8" },
  );
  assert.deepEqual([status, stdout, stderr], [0, "Syntax OK\n", ""]);
});

test("renderFormula loads, as Homebrew would read it", {
  skip: skipWithout("ruby"),
}, () => {
  // Each method of the formula's class says how it was called.
  const brew = `class Formula
  def self.method_missing(name, *args)
    puts [name, *args].join(" ")
    yield if block_given?
  end
  def self.test = puts("test")
end
`;
  const { status, stdout, stderr } = spawnSync(
    findTool("ruby") ?? "",
    ["--disable-gems", "-"],
    { input: brew + renderFormula("1.2.3", SUMS), encoding: "utf8" },
  );
  assert.deepEqual([status, stderr], [0, ""]);
  const [arm = "", intel = ""] = UNIX;
  assert.ok(
    stdout.includes(
      `on_macos\non_arm\nurl ${FOLDER}/${arm}\nsha256 ${makeSum(arm)}\n` +
        `on_intel\nurl ${FOLDER}/${intel}\nsha256 ${
          makeSum(intel)
        }\non_linux\n`,
    ),
    stdout,
  );
});

test("renderScoopManifest is JSON with the archive and the sum of each", () => {
  const manifest = JSON.parse(renderScoopManifest("1.2.3", SUMS));
  const [intel = "", arm = ""] = WINDOWS;
  const describe = (name: string) => ({
    url: `${FOLDER}/${name}`,
    hash: makeSum(name),
  });
  assert.equal(manifest.version, "1.2.3");
  assert.equal(manifest.bin, "zag-ps.exe");
  assert.deepEqual(manifest.architecture, {
    "64bit": describe(intel),
    arm64: describe(arm),
  });
  // What Scoop makes of it for this version is what is written for it.
  const { architecture, hash } = manifest.autoupdate;
  for (const [cpu, { url }] of Object.entries<{ url: string }>(architecture)) {
    assert.equal(
      url.replaceAll("$version", "1.2.3"),
      manifest.architecture[cpu].url,
    );
  }
  assert.equal(hash.url.replace("$baseurl", FOLDER), `${FOLDER}/SHA256SUMS`);
  assert.deepEqual(manifest.checkver, { github: REPOSITORY });
});

for (const render of [renderFormula, renderScoopManifest]) {
  test(`${render.name} refuses a release that lacks an archive`, () => {
    assert.throws(
      () => render("1.2.3", new Map()),
      /SHA256SUMS does not name "zag-ps-/,
    );
  });
}
