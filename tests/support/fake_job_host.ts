import { dirname, join } from "node:path";
import process from "node:process";
import type { Installed, Programs } from "./fake_programs.ts";

/** What a job needs to know of its host. */
export interface HostParts {
  readonly folder: string;
  readonly zag: string;
  readonly programs: Programs;
  /** A file for the pid of the next agent. */
  readonly place: () => string;
}

/** The variables of a step, as the real runner sets them. */
export function makeEnvironment(
  host: HostParts,
  runner: Installed,
  job: string,
  run: string,
): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: join(host.folder, "home"),
    LANG: "C.UTF-8",
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_ACTOR: "octocat",
    GITHUB_API_URL: "https://api.github.example",
    GITHUB_EVENT_NAME: "push",
    GITHUB_JOB: job,
    GITHUB_REF: "refs/heads/main",
    GITHUB_REPOSITORY: "acme/shop",
    GITHUB_RUN_ATTEMPT: "1",
    GITHUB_RUN_ID: run,
    GITHUB_RUN_NUMBER: "7",
    GITHUB_SERVER_URL: "https://github.example",
    GITHUB_SHA: "6f5a1e0c3b7d49628a0f7b9d2c41e85f30a6b7c8",
    GITHUB_WORKFLOW: "Review",
    GITHUB_WORKSPACE: runner.workspace,
    RUNNER_ARCH: "X64",
    RUNNER_ENVIRONMENT: "self-hosted",
    RUNNER_NAME: runner.name,
    RUNNER_OS: "Linux",
    RUNNER_TEMP: runner.temp,
    RUNNER_TOOL_CACHE: join(dirname(runner.temp), "_tool"),
    RUNNER_TRACKING_ID: `github_${crypto.randomUUID()}`,
    RUNNER_WORKSPACE: dirname(runner.workspace),
    ZAG_HOME: host.zag,
  };
}
