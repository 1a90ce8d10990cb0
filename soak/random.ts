/** A seeded generator (mulberry32): a case is found again by its seed. */
export interface Random {
  /** A number from 0 up to 1. */
  next(): number;
  /** A whole number from 0 up to a limit. */
  below(limit: number): number;
  /** One of some values. */
  pick<T>(values: readonly T[]): T;
  /** True once in so many times. */
  oneIn(count: number): boolean;
}

/** Makes a generator. */
export function createRandom(seed: number): Random {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    next,
    below,
    pick: (values) => {
      if (values.length === 0) throw new RangeError("Nothing to pick from");
      return values[below(values.length)] as typeof values[number];
    },
    oneIn: (count) => below(count) === 0,
  };
}
