/**
 * Runs the programs of the stages, with an environment that is the same
 * wherever the task is started.
 *
 * @module
 */

import { execFileSync, spawn } from "node:child_process";
import process from "node:process";
import type { RuntimePaths } from "./runtimes.ts";

/** A stage that hangs is ended after this. */
const STAGE_LIMIT_MS = 10 * 60_000;

/** Environment variables. */
export type Environment = Record<string, string>;

/** What tests need beyond the environment of the task. */
export interface TestSetting {
  /** Stands in for the home folder, so that nobody's own is touched. */
  home: string;
  runtimes: RuntimePaths | undefined;
}

/**
 * Runs a command, its output passed on as it comes.
 *
 * @param command The program and its arguments.
 * @param environment All of the child's environment.
 * @param folder The working directory, this process's own by default.
 * @returns The exit status, or 128 if a signal ended it.
 */
export function runCommand(
  [program = "", ...args]: string[],
  environment: Environment,
  folder: string = process.cwd(),
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: folder,
      env: environment,
      stdio: ["ignore", "inherit", "inherit"],
      timeout: STAGE_LIMIT_MS,
    });
    child.on("error", reject);
    child.on("close", (status, signal) => {
      if (signal) console.error(`Ended by ${signal}`);
      resolve(status ?? 128);
    });
  });
}

/**
 * Makes the environment of a stage: that of the task, without what a zag
 * around it would add.
 *
 * @param setting For stages that run tests.
 * @returns The variables.
 */
export function getEnvironment(setting?: TestSetting): Environment {
  const environment: Environment = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !name.startsWith("ZAG_")) {
      environment[name] = value;
    }
  }
  environment["DENO_NO_UPDATE_CHECK"] = "1";
  if (!process.stdout.isTTY) environment["NO_COLOR"] = "1";
  if (setting === undefined) return environment;

  environment["DENO_DIR"] = findDenoDir();
  environment["HOME"] = setting.home;
  environment["USERPROFILE"] = setting.home;
  environment["ZAG_PS_DENO"] = process.execPath;
  // The one variable of these that a person sets for the tests.
  const zag = process.env["ZAG_BIN"];
  if (zag) environment["ZAG_BIN"] = zag;
  if (setting.runtimes) {
    environment["ZAG_PS_BUN"] = setting.runtimes.bun;
    environment["ZAG_PS_NODE20"] = setting.runtimes.node20;
    environment["ZAG_PS_NODE24"] = setting.runtimes.node24;
  }
  return environment;
}

/** With another home folder Deno would look for its cache there. */
function findDenoDir(): string {
  const info = execFileSync(process.execPath, ["info", "--json"], {
    encoding: "utf8",
  });
  return (JSON.parse(info) as { denoDir: string }).denoDir;
}
