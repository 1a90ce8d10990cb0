/**
 * The dependency rule: `cli` and `action` use `commands`, which use `model`;
 * only the outermost files touch the machine.
 *
 * Statements are found by their form, which `deno fmt` keeps: an import or
 * export statement begins at the start of a line.
 *
 * @module
 */

import { posix } from "node:path";

/** Paths from the project's root, with `/`, and the files' texts. */
export type Sources = Record<string, string>;

/** One import of a file. */
export interface Import {
  /** The module as it is written. */
  specifier: string;
  /** The imported file from the project's root, or the specifier. */
  target: string;
  typeOnly: boolean;
}

const SYSTEM_INTERFACE = "src/system/system.ts";
const REAL_SYSTEMS = [
  "src/system/node_system.ts",
  "src/system/node_list_system.ts",
];
const REAL_CONSOLE = "src/system/node_console.ts";
const BUILDS_REAL_SYSTEM = [
  "cli.ts",
  "action/start.ts",
  "src/library/machine.ts",
];

/** What the files of a layer may import. */
interface Layer {
  files: RegExp;
  uses: RegExp;
  packages?: RegExp;
  node?: true;
}

const LAYERS: Layer[] = [
  {
    files: /^src\/model\//,
    uses: /^src\/model\//,
    packages:
      /^(valibot|@std\/fmt\/bytes|@std\/jsonc|ajv|ajv-draft-04|ajv-formats|re2js)(\/|$)/,
  },
  { files: /^src\/commands\//, uses: /^src\/(commands|model)\// },
  {
    files: /^src\/cli\//,
    uses: /^src\/(cli|commands|model)\//,
    packages: /^@std\/(cli|fmt|text)\//,
  },
  { files: /^src\/system\//, uses: /^src\/(system|model)\//, node: true },
  { files: /^src\/library\//, uses: /^src\/(library|commands|model)\// },
  { files: /^mod\.ts$/, uses: /^src\/(library|commands|model)\// },
  { files: /^cli\.ts$/, uses: /^src\/(cli|commands|model)\//, node: true },
  {
    files: /^action\//,
    uses: /^(action|src\/(commands|model))\//,
    packages: /./,
    node: true,
  },
];

/** The files that describe what is stored, in valibot's schemas. */
const ENTRY = /^src\/model\/\w+_entry\.ts$/;

/** What a library must not do by itself. */
const FORBIDDEN_TEXTS: [RegExp, string][] = [
  [/\b(?:Deno|Bun)\s*\./, "uses a global of one runtime"],
  [/\bconsole\s*\./, "prints"],
  [/\bprocess\s*\.\s*exit\s*\(/, "ends the process"],
];

/**
 * Reads the imports of a file: statements, re-exports, dynamic imports and
 * types.
 *
 * @param path The file, from the project's root.
 * @param text Its text, as `deno fmt` leaves it.
 * @returns The imports, in no particular order.
 * @throws {Error} If a module's name is computed.
 */
export function readImports(path: string, text: string): Import[] {
  const code = dropComments(text);
  const found: Import[] = [];
  const add = (specifier: string, typeOnly: boolean) => {
    const target = specifier.startsWith(".")
      ? posix.join(posix.dirname(path), specifier)
      : specifier;
    found.push({ specifier, target, typeOnly });
  };
  const statement =
    /^(?:import|export)(\s+type)?\b(?:[^;"'`()=]*?\bfrom)?\s*"([^"\n]+)"/gm;
  for (const [, type, specifier = ""] of code.matchAll(statement)) {
    add(specifier, type !== undefined);
  }
  for (const [, specifier] of code.matchAll(/\bimport\(\s*(?:"([^"]+)")?/g)) {
    if (specifier === undefined) {
      throw new Error(`${path} computes the name of a module that it imports`);
    }
    add(specifier, false);
  }
  return found;
}

/**
 * Checks files against the dependency rule.
 *
 * @param sources All files of `src/` and `action/`, `mod.ts` and `cli.ts`.
 * @returns One line for each violation, none if all is well.
 */
export function findViolations(sources: Sources): string[] {
  const graph = new Map(
    Object.entries(sources).map((
      [path, text],
    ) => [path, readImports(path, text)]),
  );
  const violations: string[] = [];
  for (const [path, imports] of graph) {
    for (const entry of imports) {
      const why = judgeImport(path, entry, graph);
      if (why) violations.push(`${path} imports ${entry.specifier}: ${why}`);
    }
    if (path.startsWith("src/") || path === "mod.ts") {
      for (const [pattern, what] of FORBIDDEN_TEXTS) {
        if (pattern.test(dropComments(sources[path] ?? ""))) {
          violations.push(`${path} ${what}`);
        }
      }
    }
  }
  return [...violations, ...findSharedPackages(graph)];
}

type Graph = Map<string, Import[]>;

function judgeImport(
  path: string,
  { target, typeOnly }: Import,
  graph: Graph,
): string | undefined {
  const layer = LAYERS.find(({ files }) => files.test(path));
  if (layer === undefined) return "the file belongs to no layer";
  if (target.startsWith("node:")) {
    return layer.node ? undefined : "only src/system may use built-ins";
  }
  if (!graph.has(target)) {
    if (/^(\.|src\/|action\/)|\.ts$/.test(target)) return "no such file";
    return layer.packages?.test(target)
      ? undefined
      : "the layer does not use this package";
  }
  if (target === REAL_CONSOLE) {
    return path === "cli.ts" ? undefined : "only the command line prints";
  }
  if (REAL_SYSTEMS.includes(target)) {
    if (BUILDS_REAL_SYSTEM.includes(path)) return undefined;
    return path.startsWith("src/system/")
      ? undefined
      : "only the outermost files build the real system";
  }
  if (layer.uses.test(target)) return undefined;
  if (/^src\/(commands|cli)\/|^(action\/|cli\.ts|mod\.ts)/.test(path)) {
    if (target === SYSTEM_INTERFACE && typeOnly) return undefined;
    // A helper that is handed a System touches the machine only through it.
    if (
      path.startsWith("src/commands/") && target.startsWith("src/system/") &&
      !touchesMachine(target, graph)
    ) return undefined;
  }
  return "the layers do not allow it";
}

/** Whether a file, or one that it imports, uses a built-in module. */
function touchesMachine(
  path: string,
  graph: Graph,
  seen: Set<string> = new Set(),
): boolean {
  if (path.startsWith("node:") || REAL_SYSTEMS.includes(path)) return true;
  if (seen.has(path)) return false;
  seen.add(path);
  return (graph.get(path) ?? []).some(({ target, typeOnly }) =>
    !typeOnly && touchesMachine(target, graph, seen)
  );
}

/**
 * A package that one file wraps can be replaced by changing one file. Schemas
 * are the exception: each entry is described in its own file.
 */
function findSharedPackages(graph: Graph): string[] {
  const users = new Map<string, Set<string>>();
  for (const [path, imports] of graph) {
    if (!path.startsWith("src/")) continue;
    for (const { target } of imports) {
      if (graph.has(target) || /^(\.|src\/|node:)/.test(target)) continue;
      const name = getPackageName(target);
      users.set(name, (users.get(name) ?? new Set()).add(path));
    }
  }
  return [...users]
    .filter(([name, paths]) =>
      paths.size > 1 &&
      !(name === "valibot" && [...paths].every((path) => ENTRY.test(path)))
    )
    .map(([name, paths]) =>
      `${name} is imported by more than one file: ${
        [...paths].sort().join(", ")
      }`
    );
}

/** Each module of the standard library is a package of its own here. */
function getPackageName(specifier: string): string {
  if (specifier.startsWith("@std/")) return specifier;
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

function dropComments(text: string): string {
  return text.split("\n").filter((line) => !/^\s*(\/\/|\/?\*)/.test(line))
    .join("\n");
}
