/**
 * Makes one file of a program and of what it loads on demand. Such parts are
 * kept as texts until they are needed, because an engine reads code with more
 * care than a text. Where code must not be made of texts, as with Node's
 * `--disallow-code-generation-from-strings`, they cannot be loaded.
 *
 * @module
 */

import {
  build,
  type BuildOptions,
  type Metafile,
  type Plugin,
  transform,
} from "esbuild";
import { basename, join } from "node:path";

/**
 * Gives a part what it asks for: another part, a module of the program, or one
 * that is built in.
 */
const LOADER = `
  const modules = {};
  export function provide(name, exports) {
    modules[name] = { exports };
  }
  export function provideBuiltin(name, module) {
    // A part copies what a module has of its own. To copy all would set up
    // what is made when it is asked for, such as the streams of a process.
    provide(name, Object.create(module, {
      __esModule: { value: true },
      default: { value: module },
    }));
  }
  export function load(name) {
    const known = modules[name];
    if (known !== undefined) return known.exports;
    const texts = require("made:texts");
    if (!Object.hasOwn(texts, name)) {
      provideBuiltin(name, process.getBuiltinModule(name));
      return modules[name].exports;
    }
    const text = decodeURIComponent(texts[name]);
    const make = new Function("module", "require", text);
    // There before it runs, for parts that ask for each other.
    const module = modules[name] = { exports: {} };
    make(module, load);
    return module.exports;
  }`;

/** The modules that are made here, and the prefix that tells them apart. */
const ENTRY = "made:entry";
const PROVIDE = "made:provide";
const LOAD = "made:load";
const TEXTS = "made:texts";

/** The output of a build, by file name. */
type Parts = ReadonlyMap<string, Part>;

interface Part {
  readonly text: string;
  /** The names of the parts that it needs before it can run. */
  readonly needs: readonly string[];
  /** The modules of the runtime that it needs. */
  readonly builtins: readonly string[];
}

/**
 * Makes the single file.
 *
 * @param options Those of a build.
 * @param entryPoint The file where the program begins, from the root.
 * @returns The program.
 */
export async function bundleSingleFile(
  options: BuildOptions & { absWorkingDir: string },
  entryPoint: string,
): Promise<string> {
  const { parts, entry } = await splitProgram(options, entryPoint);
  const atStart = followNeeds(parts, entry);
  const texts: Record<string, string> = {};
  for (const [name, { text }] of parts) {
    if (!atStart.has(name)) {
      texts[`./${name}`] = await keepAsText(text, options);
    }
  }
  const shared = [...atStart].filter((name) =>
    [...parts].some(([other, { needs }]) =>
      !atStart.has(other) && needs.includes(name)
    )
  );
  const builtins = new Set(
    [...atStart].flatMap((name) => parts.get(name)?.builtins ?? []),
  );
  const made: Record<string, string> = {
    // What the program provides is there before it runs.
    [ENTRY]: `import "${PROVIDE}"; export * from "./${entry}";`,
    [PROVIDE]: [
      `import { provide, provideBuiltin } from "${LOAD}";`,
      ...shared.map((name, i) => `import * as part${i} from "./${name}";`),
      ...shared.map((name, i) => `provide("./${name}", part${i});`),
      ...[...builtins].map((name, i) => `import builtin${i} from "${name}";`),
      ...[...builtins].map((name, i) =>
        `provideBuiltin("${name}", builtin${i});`
      ),
    ].join("\n"),
    [LOAD]: LOADER,
    // Apart from the rest: what is not run is not read twice.
    [TEXTS]: `module.exports = ${JSON.stringify(texts)};`,
  };
  const { outputFiles = [] } = await build({
    ...options,
    entryPoints: [ENTRY],
    plugins: [joinParts(parts, atStart, made)],
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}

/** Builds the program in parts, which are loaded when they are needed. */
async function splitProgram(
  options: BuildOptions & { absWorkingDir: string },
  entryPoint: string,
): Promise<{ parts: Parts; entry: string }> {
  const { outputFiles, metafile } = await build({
    ...options,
    entryPoints: [entryPoint],
    splitting: true,
    outdir: join(options.absWorkingDir, "dist"),
    metafile: true,
    write: false,
  });
  const { outputs }: Metafile = metafile;
  const facts = new Map(
    Object.entries(outputs).map(([path, fact]) => [basename(path), fact]),
  );
  const parts = new Map(outputFiles.map(({ path, text }) => {
    const name = basename(path);
    const imports = (facts.get(name)?.imports ?? [])
      .filter(({ kind }) => kind === "import-statement");
    const needs = imports.filter(({ external }) => !external)
      .map(({ path }) => basename(path));
    const builtins = imports.filter(({ external }) => external)
      .map(({ path }) => path);
    return [name, { text, needs, builtins }];
  }));
  const [entry = ""] = [...facts.keys()].filter((name) =>
    facts.get(name)?.entryPoint === entryPoint
  );
  return { parts, entry };
}

/** A part with all those that it needs before it can run. */
function followNeeds(parts: Parts, first: string): Set<string> {
  const found = new Set([first]);
  for (const name of found) {
    for (const needed of parts.get(name)?.needs ?? []) found.add(needed);
  }
  return found;
}

/** The text of a part: it asks for what it needs by a function `require`. */
async function keepAsText(
  text: string,
  { platform, target, charset, supported = {} }: BuildOptions,
): Promise<string> {
  const { code } = await transform(text, {
    ...(platform && { platform }),
    ...(target && { target }),
    ...(charset && { charset }),
    format: "cjs",
    minify: true,
    supported: { ...supported, "dynamic-import": false },
  });
  return encodeText(code);
}

/** Ends a literal, would have to be escaped in one, or is the escape itself. */
const NOT_LITERAL = /[^ !"#$&(-[\]-_a-~]/gu;

/**
 * Writes a text so that a literal of it has no escapes, over which Bun takes
 * ten times as long. `decodeURIComponent` reads it.
 */
function encodeText(text: string): string {
  return text.replace(NOT_LITERAL, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x80
      ? `%${code.toString(16).padStart(2, "0")}`
      : encodeURIComponent(character);
  });
}

/** Puts the parts of the start together, and has the others loaded. */
function joinParts(
  parts: Parts,
  atStart: ReadonlySet<string>,
  made: Readonly<Record<string, string>>,
): Plugin {
  return {
    name: "join-parts",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^made:/ }, ({ path }) => ({
        path,
        namespace: "made",
      }));
      onResolve({ filter: /^\.\// }, ({ path }) => {
        const name = basename(path);
        return { path: name, namespace: atStart.has(name) ? "start" : "text" };
      });
      onLoad({ filter: /./, namespace: "made" }, ({ path }) => ({
        contents: made[path] ?? "",
      }));
      onLoad({ filter: /./, namespace: "start" }, ({ path }) => ({
        contents: parts.get(path)?.text ?? "",
      }));
      onLoad({ filter: /./, namespace: "text" }, ({ path }) => ({
        contents: `module.exports = require("${LOAD}").load("./${path}");`,
      }));
    },
  };
}
