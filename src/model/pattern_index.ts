import type { AgentPattern, AgentPatterns } from "./pattern_types.ts";
import {
  endsWithPattern,
  findBelow,
  fitsName,
  splitPath,
} from "./path_patterns.ts";

/**
 * Patterns for names, made so that most names are looked up once instead of
 * being held against each of them.
 */
export class NameIndex<T> {
  readonly #exact = new Map<string, T>();
  readonly #open: (readonly [pattern: string, value: T])[] = [];

  /** Of several with one name the first counts. */
  add(patterns: readonly string[] | undefined, value: T): void {
    for (const pattern of patterns ?? []) {
      if (pattern.includes("*")) this.#open.push([pattern, value]);
      else if (!this.#exact.has(pattern)) this.#exact.set(pattern, value);
    }
  }

  find(name: string): T | undefined {
    return this.#exact.get(name) ??
      this.#open.find(([pattern]) => fitsName(name, pattern))?.[1];
  }
}

/** Where the rest of a path begins that fits a pattern, and whose that is. */
export interface PathHit<T> {
  readonly value: T;
  readonly at: number;
}

interface PathEntry<T> {
  readonly names: readonly string[];
  readonly value: T;
}

/** Patterns for paths; those with a name in common with a path are tried. */
export class PathIndex<T> {
  readonly #byName = new Map<string, PathEntry<T>[]>();
  readonly #open: PathEntry<T>[] = [];

  add(patterns: readonly string[] | undefined, value: T): void {
    for (const pattern of patterns ?? []) {
      const names = splitPath(pattern);
      const entry = { names, value };
      // The longest is the rarest.
      const [key] = names.filter((name) => !name.includes("*"))
        .toSorted((a, b) => b.length - a.length);
      if (key === undefined) this.#open.push(entry);
      else this.#byName.set(key, [...this.#byName.get(key) ?? [], entry]);
    }
  }

  /** The first pattern that a path ends with. */
  findEnd(names: readonly string[]): PathHit<T> | undefined {
    return this.#find(
      names,
      (pattern) => endsWithPattern(names, pattern) ? names.length : -1,
    );
  }

  /** The first pattern whose folders a path is below. */
  findBelow(names: readonly string[]): PathHit<T> | undefined {
    return this.#find(names, (pattern) => findBelow(names, pattern));
  }

  #find(
    names: readonly string[],
    place: (pattern: readonly string[]) => number,
  ): PathHit<T> | undefined {
    const find = (entries: readonly PathEntry<T>[] = []) => {
      for (const { names: pattern, value } of entries) {
        const at = place(pattern);
        if (at >= 0) return { value, at };
      }
      return undefined;
    };
    for (const name of names) {
      const hit = find(this.#byName.get(name));
      if (hit !== undefined) return hit;
    }
    return find(this.#open);
  }
}

/** How a name is a sign of an agent. */
export interface NameSign {
  readonly pattern: AgentPattern;
  /** Other programs have it, too. */
  readonly shared: boolean;
}

/** All patterns, ready to be used. */
export interface PatternIndex {
  readonly patterns: AgentPatterns;
  /** Names of programs. */
  readonly programs: NameIndex<NameSign>;
  /** Names of scripts in a folder `bin`, and of those that took a title. */
  readonly scripts: NameIndex<NameSign>;
  readonly modules: NameIndex<AgentPattern>;
  readonly paths: PathIndex<AgentPattern>;
  readonly packages: PathIndex<AgentPattern>;
  readonly desktops: PathIndex<true>;
  readonly helpers: {
    readonly names: NameIndex<true>;
    readonly modules: NameIndex<true>;
    readonly packages: PathIndex<true>;
  };
}

const INDEXES = new WeakMap<AgentPatterns, PatternIndex>();

/** Makes patterns ready, once for all processes. */
export function indexPatterns(patterns: AgentPatterns): PatternIndex {
  const before = INDEXES.get(patterns);
  if (before !== undefined) return before;
  const index: PatternIndex = {
    patterns,
    programs: new NameIndex(),
    scripts: new NameIndex(),
    modules: new NameIndex(),
    paths: new PathIndex(),
    packages: new PathIndex(),
    desktops: new PathIndex(),
    helpers: {
      names: new NameIndex(),
      modules: new NameIndex(),
      packages: new PathIndex(),
    },
  };
  for (const pattern of patterns.agents) {
    const { names, scripts, shared, called } = pattern;
    const own = { pattern, shared: false };
    const other = { pattern, shared: true };
    index.programs.add(names, own);
    index.programs.add(Object.keys(called ?? {}), own);
    index.programs.add(shared, other);
    index.scripts.add(names, own);
    index.scripts.add(Object.keys(called ?? {}), own);
    index.scripts.add(scripts, own);
    index.scripts.add(shared, other);
    index.modules.add(pattern.modules, pattern);
    index.paths.add(pattern.paths, pattern);
    index.packages.add(pattern.packages, pattern);
  }
  index.desktops.add(patterns.desktops, true);
  index.helpers.names.add(patterns.helpers.names, true);
  index.helpers.modules.add(patterns.helpers.modules, true);
  index.helpers.packages.add(patterns.helpers.packages, true);
  INDEXES.set(patterns, index);
  return index;
}
