/**
 * Builds what GitHub runs of the Action: `action/dist/`, which is committed.
 * `main.mjs` and `post.mjs` load what they need of the other files, the
 * validator of results only where there is a result.
 *
 *     deno task action [FOLDER]
 *
 * @module
 */

import { build, type Metafile, type Plugin } from "esbuild";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import process from "node:process";
import { getCommonOptions, stopBundler, writeComplete } from "./bundle.ts";

/** The bundle that is committed, from the project's root. */
export const ACTION_DIST = join("action", "dist");

/** Holds the licences of all that is in the bundle and not ours. */
const LICENSES = "LICENSES.txt";

/**
 * The toolkit's client asks GitHub for tokens, which the Action never needs;
 * it would bring 400 kB with it.
 */
const leaveOutHttp: Plugin = {
  name: "leave-out-http",
  setup({ onResolve, onLoad }) {
    const namespace = "no-http";
    onResolve(
      { filter: /^@actions\/http-client(\/|$)/ },
      ({ path }) => ({ path, namespace }),
    );
    onLoad({ filter: /./, namespace }, () => ({
      contents: `
        function refuse() { throw new Error("The Action makes no requests"); }
        export { refuse as HttpClient, refuse as BearerCredentialHandler };`,
    }));
  },
};

/**
 * Builds the Action. What is in the folder and not of this build is removed.
 *
 * The bytes do not depend on where the project lies, nor on how its
 * `node_modules` are laid out.
 *
 * @param root The project's root.
 * @param folder Where the files are put.
 * @returns The names of the files.
 */
export async function bundleAction(
  root: string,
  folder: string,
): Promise<string[]> {
  const { outputFiles, metafile } = await build({
    ...getCommonOptions(root),
    target: "node24",
    minify: true,
    legalComments: "none",
    splitting: true,
    entryPoints: { main: "action/index.ts", post: "action/post_index.ts" },
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    plugins: [leaveOutHttp],
    metafile: true,
    write: false,
  });
  const names = nameOutputs(metafile);
  const files = new Map(
    outputFiles.map(({ path, text }) => [
      names.get(basename(path)) ?? basename(path),
      text.replace(
        /[\w-]+-[A-Z\d]{8}\.mjs/g,
        (name) => names.get(name) ?? name,
      ),
    ]),
  );
  files.set(LICENSES, gatherLicenses(root, metafile));
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    if (!files.has(name)) rmSync(join(folder, name), { recursive: true });
  }
  for (const [name, content] of files) {
    writeComplete(join(folder, name), content, 0o644);
  }
  return [...files.keys()].sort();
}

/** What the parts of the bundle are called that esbuild names by a hash. */
const PARTS: Readonly<Record<string, string>> = {
  "src/commands/clean_up.ts": "clean_up.mjs",
  "src/commands/clean_up_work.ts": "work.mjs",
  "src/commands/steps/read_finished.ts": "finished.mjs",
  "src/commands/steps/scan_agents.ts": "scan.mjs",
  "src/model/json_schema.ts": "validator.mjs",
  "src/system/node_queries.ts": "queries.mjs",
};

/** Names that stay the same when the bytes change, by those of esbuild. */
function nameOutputs({ outputs }: Metafile): Map<string, string> {
  const names = new Map<string, string>();
  const shared: (readonly [first: string, name: string])[] = [];
  for (const [path, { entryPoint, inputs }] of Object.entries(outputs)) {
    const part = PARTS[entryPoint ?? ""];
    if (part !== undefined) names.set(basename(path), part);
    else if (entryPoint === undefined) {
      shared.push([Object.keys(inputs).sort()[0] ?? "", basename(path)]);
    } else if (/-[A-Z\d]{8}\.mjs$/.test(path)) {
      throw new Error(`What is loaded of "${entryPoint}" has no name in PARTS`);
    }
  }
  shared.sort(([a], [b]) => a < b ? -1 : 1);
  shared.forEach(([, name], i) => names.set(name, `shared_${i + 1}.mjs`));
  return names;
}

/** The licences of the packages of which anything is in the bundle. */
function gatherLicenses(root: string, { outputs }: Metafile): string {
  const packages = new Map<string, { folder: string; sources: string[] }>();
  for (const { inputs } of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const [, folder, name] =
        /^(.*\bnode_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(path) ?? [];
      if (!folder || !name || bytesInOutput === 0) continue;
      const known = packages.get(name) ??
        { folder: join(root, folder), sources: [] };
      packages.set(name, known);
      known.sources.push(join(root, path));
    }
  }
  const texts = [...packages].sort(([a], [b]) => a < b ? -1 : 1)
    .map(([name, { folder, sources }]) => {
      const { version, license } = JSON.parse(
        readFileSync(join(folder, "package.json"), "utf8"),
      );
      const text = findLicense(folder) ??
        composeLicense(root, license, sources);
      return `${name} ${version} (${license})\n\n${text}\n`;
    });
  return ["What is bundled beside zag-ps itself, and its licences.\n", ...texts]
    .join(`\n${"-".repeat(79)}\n\n`);
}

function findLicense(folder: string): string | undefined {
  const file = readdirSync(folder).sort()
    .find((file) => /^(licen[cs]e|copying)(\.|$)/i.test(file));
  if (file === undefined) return undefined;
  return readFileSync(join(folder, file), "utf8").replace(/\r\n/g, "\n").trim();
}

/** The Deno std says its licence in each file, and not in one of its own. */
function composeLicense(
  root: string,
  license: string,
  sources: readonly string[],
): string {
  const notices = new Set(
    sources.map((path) =>
      /^\/\/ (Copyright .*)\. MIT license\.$/m.exec(readFileSync(path, "utf8"))
        ?.[1]
    ),
  );
  const own = readFileSync(join(root, "LICENSE"), "utf8");
  const terms = own.slice(own.indexOf("Permission is hereby granted")).trim();
  if (license !== "MIT" || notices.has(undefined)) {
    throw new Error(`There is no licence for "${sources.join('", "')}"`);
  }
  return `MIT License\n\n${[...notices].join("\n")}\n\n${terms}`;
}

/**
 * Compares a fresh build with what is committed.
 *
 * @param root The project's root.
 * @param folder An empty folder for the build.
 * @throws {Error} That names the files and the command that mends it.
 */
export async function compareActionBundle(
  root: string,
  folder: string,
): Promise<void> {
  const built = await bundleAction(root, folder);
  const committed = join(root, ACTION_DIST);
  const names = existsSync(committed) ? readdirSync(committed) : [];
  const differing = [...new Set([...built, ...names])].sort().filter((name) => {
    const [a, b] = [folder, committed].map((parent) => join(parent, name));
    if (a === undefined || b === undefined) return true;
    return !existsSync(a) || !existsSync(b) ||
      !readFileSync(a).equals(readFileSync(b));
  });
  if (differing.length === 0) return;
  throw new Error(
    `The bundle of the Action is not that of its sources: ${
      differing.map((name) => `"${ACTION_DIST}/${name}"`).join(", ")
    }\nRun "npx -y deno@2 task action" and commit what it writes`,
  );
}

if (import.meta.main) {
  const root = process.cwd();
  const folder = resolve(root, process.argv[2] ?? ACTION_DIST);
  const names = await bundleAction(root, folder);
  await stopBundler();
  for (const name of names) {
    const { length } = readFileSync(join(folder, name));
    console.log(`Built ${relative(root, join(folder, name))}: ${length} bytes`);
  }
}
