import type { Paths } from "../model/paths.ts";
import type { System } from "../system/system.ts";

/** What every command works on. */
export interface Context {
  /** The machine. */
  readonly system: System;
  /** Where zag keeps its files. */
  readonly paths: Paths;
  /** Takes what a person should know though the command goes on. */
  readonly warn: (message: string) => void;
}
