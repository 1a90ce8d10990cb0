import type { Context } from "../commands/context.ts";
import { locatePaths } from "../model/paths.ts";
import { createNodeSystem } from "../system/node_system.ts";

/** Where a library call looks, in place of the process's own surroundings. */
export interface MachineOptions {
  /** The zag home; `ZAG_HOME`, else `~/.zag`, unless given. */
  readonly zagHome?: string | undefined;
  /** Environment variables in place of the process's own. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** The clock: milliseconds since 1970. */
  readonly now?: (() => number) | undefined;
  /** Takes warnings, such as of an entry that cannot be read. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/** Runs a command on the real machine. */
export async function attempt<T>(
  options: MachineOptions,
  command: (context: Context) => Promise<T>,
): Promise<T> {
  return await command(createContext(options));
}

function createContext(options: MachineOptions): Context {
  const system = createNodeSystem({ env: options.env, now: options.now });
  return {
    system,
    paths: locatePaths(options.zagHome, system.env, system.userHome),
    warn: options.onWarning ?? (() => {}),
  };
}
