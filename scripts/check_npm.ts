/**
 * Checks the npm package as those who install it see it: its tarball, in
 * empty folders, under every runtime.
 *
 * @module
 */

import {
  checkPackage,
  createPackageFromTarballData,
} from "@arethetypeswrong/core";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import { publint } from "publint";
import { VERSION } from "../src/model/version.ts";
import { getEnvironment } from "./run_command.ts";
import type { RuntimePaths } from "./runtimes.ts";
import type { Check } from "./stage.ts";

/** What uses the library, in JavaScript that every runtime takes. */
const CONSUMER = `
import { listProcesses, parseDuration, ZagPsError } from "zag-ps";
const entries = await listProcesses({ zagHome: "none" });
if (entries.length !== 0 || parseDuration("2h") !== 7200000) throw entries;
if (!(new ZagPsError("usage", "x") instanceof Error)) throw ZagPsError;
console.log("used");
`;

/** The same with types, two of which are wrong on purpose. */
const TYPED_CONSUMER = `
import { type JudgedEntry, killProcess, listProcesses } from "zag-ps";
const entries: JudgedEntry[] = await listProcesses({ running: true });
const ids: string[] = entries.map(({ entry }) => entry.id);
await killProcess("self", { result: { text: ids.join() } });
// @ts-expect-error A number is no id.
await killProcess(7);
// @ts-expect-error There is no such option.
await listProcesses({ runing: true });
`;

/**
 * Lists the checks.
 *
 * @param tarball The package.
 * @param folder An empty folder.
 */
export function listNpmChecks(
  tarball: string,
  folder: string,
  { bun, node20, node24 }: RuntimePaths,
): Check[] {
  const installed = join(folder, "npm");
  const added = join(folder, "bun");
  const bin = join(installed, "node_modules", ".bin", "zag-ps");
  const version = `zag-ps ${VERSION}\n`;
  return [
    { name: "publint finds nothing", run: () => checkWithPublint(tarball) },
    { name: "attw finds nothing", run: () => checkTypes(tarball) },
    {
      name: "npm installs it into an empty folder",
      run() {
        makeFolder(installed);
        const flags = ["--no-audit", "--no-fund", "--ignore-scripts"];
        run(["npm", "install", ...flags, tarball], installed);
      },
    },
    ...[node20, node24].flatMap((node): Check[] => [
      {
        name: `its program runs under ${node}`,
        run: () => expect(run([bin, "--version"], installed, node), version),
      },
      {
        name: `its library runs under ${node}`,
        run: () => expect(run([node, "consumer.mjs"], installed), "used\n"),
      },
    ]),
    {
      name: "npx starts it where it is installed",
      run: () =>
        expect(
          run(["npx", "--no-install", "zag-ps", "--version"], installed),
          version,
        ),
    },
    {
      name: "npx starts it from the tarball",
      run() {
        const elsewhere = join(folder, "npx");
        makeFolder(elsewhere);
        const args = ["--yes", `--package=${tarball}`, "zag-ps", "--version"];
        expect(run(["npx", ...args], elsewhere), version);
      },
    },
    {
      name: "deno run npm: starts it",
      run() {
        const flags = ["run", "-A", "--node-modules-dir=manual"];
        const command = [process.execPath, ...flags];
        expect(
          run([...command, "npm:zag-ps", "--version"], installed),
          version,
        );
        expect(run([...command, "consumer.mjs"], installed), "used\n");
      },
    },
    {
      name: "Bun adds and runs it",
      run() {
        makeFolder(added);
        run([bun, "add", "--ignore-scripts", tarball], added);
        expect(
          run([bun, "run", "--bun", "zag-ps", "--version"], added),
          version,
        );
        expect(run([bun, "consumer.mjs"], added), "used\n");
      },
    },
    {
      name: "its types are right, and strict",
      run: () => compileConsumer(installed),
    },
  ];
}

async function checkWithPublint(tarball: string): Promise<void> {
  const bytes = readFileSync(tarball);
  const { messages } = await publint({
    strict: true,
    pack: { tarball: new Uint8Array(bytes).buffer },
  });
  const lines = messages.map(({ code, path, args }) =>
    `${code} at ${path.join(".")}: ${JSON.stringify(args)}`
  );
  if (lines.length > 0) throw new Error(lines.join("\n"));
}

/** The package is an ES module, for whoever resolves as Node or a bundler. */
const RESOLUTIONS = ["node16-esm", "bundler"];

async function checkTypes(tarball: string): Promise<void> {
  const bytes = new Uint8Array(readFileSync(tarball));
  const result = await checkPackage(createPackageFromTarballData(bytes));
  if (!result.types) throw new Error("The package has no types");
  const lines = result.problems
    .filter((problem) =>
      !("resolutionKind" in problem) ||
      RESOLUTIONS.includes(problem.resolutionKind)
    )
    .map((problem) => JSON.stringify(problem));
  if (lines.length > 0) throw new Error(lines.join("\n"));
}

/** Compiles it with the strictest options, declarations included. */
function compileConsumer(folder: string): void {
  const path = join(folder, "consumer.mts");
  writeFileSync(path, TYPED_CONSUMER);
  const require = createRequire(import.meta.resolve("@arethetypeswrong/core"));
  // The one that attw uses.
  const ts = require("typescript");
  const program = ts.createProgram([path], {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: false,
    types: [],
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  });
  const texts: string[] = ts.getPreEmitDiagnostics(program).map((
    { messageText, file }: { messageText: string; file?: { fileName: string } },
  ) =>
    `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`
  );
  if (texts.length > 0) throw new Error(texts.join("\n"));
}

/** An empty package with one program that uses the library. */
function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{"private": true}\n');
  writeFileSync(join(folder, "consumer.mjs"), CONSUMER);
}

/** What a command prints; the Node that it finds is the one that is named. */
function run(
  [program = "", ...args]: string[],
  folder: string,
  node?: string,
): string {
  const environment = getEnvironment();
  const path = environment["PATH"] ?? "";
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: folder,
    encoding: "utf8",
    env: {
      ...environment,
      PATH: node ? `${dirname(node)}${delimiter}${path}` : path,
    },
    shell: process.platform === "win32",
  });
  if (error) throw error;
  if (status === 0) return stdout;
  throw new Error(`"${program} ${args.join(" ")}": ${status}\n${stderr}`);
}

function expect(printed: string, wanted: string): void {
  if (printed !== wanted) {
    throw new Error(`Expected ${JSON.stringify(wanted)}, got "${printed}"`);
  }
}
