import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";

const ROOT = process.cwd();

/** The parts of the three manifests that have to agree. */
interface Manifest {
  version: string;
  license: string;
  engines: { node: string };
  imports: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  compilerOptions: Record<string, unknown> & {
    paths: Record<string, string[]>;
  };
}

function readManifest(name: string): Manifest {
  return JSON.parse(readFileSync(join(ROOT, name), "utf8"));
}

const denoJson = readManifest("deno.json");
const packageJson = readManifest("package.json");
const tsconfig = readManifest("tsconfig.json");

/** `npm:<package>@<version>/<path>` in its parts. */
function splitSpecifier(specifier: string): [string, string, string] {
  const match = /^npm:((?:@[^/]+\/)?[^@/]+)@([^/]+)(?:\/(.*))?$/
    .exec(specifier);
  assert.ok(match, `"${specifier}" is not an exact npm specifier`);
  const [, name = "", version = "", path = ""] = match;
  return [name, version, path];
}

test("deno.json and package.json name the same version and license", () => {
  assert.equal(denoJson.version, packageJson.version);
  assert.equal(denoJson.license, packageJson.license);
});

test("deno.json and package.json name the same packages", () => {
  const imported: Record<string, string> = {};
  for (const specifier of Object.values(denoJson.imports)) {
    const [name, version] = splitSpecifier(specifier);
    assert.equal(imported[name] ?? version, version, `two versions: ${name}`);
    imported[name] = version;
  }
  const { dependencies, devDependencies } = packageJson;
  assert.deepEqual(imported, { ...dependencies, ...devDependencies });
});

test("package.json names the versions of Node that README.md names", () => {
  // Those before lack process.getBuiltinModule, or were never tested.
  assert.equal(packageJson.engines.node, "^20.19 || >=22.3");
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  assert.match(
    readme.replace(/\s+/g, " "),
    /Node must be 20\.19 or newer, and of its later lines 22\.3 or newer\./,
  );
});

test("package.json pins every version exactly", () => {
  const { dependencies, devDependencies } = packageJson;
  for (
    const [name, version] of Object.entries({
      ...dependencies,
      ...devDependencies,
    })
  ) assert.match(version, /^\d+\.\d+\.\d+$/, name);
});

test("tsconfig.json maps the names that deno.json maps to files", () => {
  const expected: Record<string, string[]> = {};
  for (const [name, specifier] of Object.entries(denoJson.imports)) {
    const [dependency, , path] = splitSpecifier(specifier);
    if (name !== dependency) {
      expected[name] = [`./node_modules/${dependency}/${path}`];
    }
  }
  assert.deepEqual(tsconfig.compilerOptions.paths, expected);
  for (const [path = ""] of Object.values(expected)) {
    assert.ok(existsSync(join(ROOT, path)), path);
  }
});

test("tsconfig.json is as strict as deno.json", () => {
  for (const [name, value] of Object.entries(denoJson.compilerOptions)) {
    assert.equal(tsconfig.compilerOptions[name], value, name);
  }
});

test("lock files hold no addresses and there is no other lock file", () => {
  const locks = readdirSync(ROOT).filter((name) => /\block\b/.test(name));
  assert.deepEqual(locks.sort(), ["bun.lock", "deno.lock"]);
  for (const name of locks) {
    assert.doesNotMatch(readFileSync(join(ROOT, name), "utf8"), /:\/\//, name);
  }
});
