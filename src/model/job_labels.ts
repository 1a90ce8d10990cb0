import type { Ownership } from "./seen_agent.ts";

/** What a job says of itself. */
export type JobLabels = Pick<Ownership, "runner" | "run" | "job" | "runUrl">;

/** Names of GitHub: an owner, and a repository that is no `.` or `..`. */
const REPOSITORY = /^[A-Za-z0-9_-]+\/(?!\.{1,2}$)[A-Za-z0-9._-]+$/;

const DIGITS = /^[0-9]{1,20}$/;

/**
 * Reads what the environment of a process says of the GitHub Actions job that
 * started it. What does not look right is left out: the environment is another
 * program's.
 */
export function readJobLabels(
  markers: Readonly<Record<string, string>>,
): JobLabels {
  const { RUNNER_NAME: runner, GITHUB_RUN_ID: id, GITHUB_JOB: job } = markers;
  const run = id !== undefined && DIGITS.test(id) ? id : undefined;
  return {
    ...runner && { runner },
    ...run && { run },
    ...job && { job },
    ...run && makeRunUrl(markers, run),
  };
}

/** The page of the run, and of its attempt where that is known. */
function makeRunUrl(
  markers: Readonly<Record<string, string>>,
  run: string,
): Pick<JobLabels, "runUrl"> {
  const { GITHUB_REPOSITORY: repository = "", GITHUB_RUN_ATTEMPT: attempt } =
    markers;
  const origin = readOrigin(markers["GITHUB_SERVER_URL"] ?? "");
  if (origin === undefined || !REPOSITORY.test(repository)) return {};
  const page = `${origin}/${repository}/actions/runs/${run}`;
  const known = attempt !== undefined && DIGITS.test(attempt);
  return { runUrl: known ? `${page}/attempts/${attempt}` : page };
}

/** A web server, without anything behind its name. */
function readOrigin(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, origin, pathname, search, hash, username, password } =
    new URL(text);
  return /^https?:$/.test(protocol) && pathname === "/" &&
      search + hash + username + password === ""
    ? origin
    : undefined;
}
