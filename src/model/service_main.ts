import { readUnit } from "./control_group.ts";
import type { ProcessFacts } from "./process_facts.ts";
import type { ProcessLinks } from "./process_links.ts";

/**
 * Services whose main process is never an agent: what is left of an agent in
 * their control group is no part of them, and ending them ends what others do.
 */
const HOST_SERVICE =
  /^(?:actions\.runner\..+|user@.*|sshd?(?:@.*)?|crond?|cronie|atd|(?:serial-)?getty@.*|docker|containerd|gdm\d*|sddm|lightdm|gitlab-runner|buildkite-agent(?:@.*)?|jenkins(?:-agent)?)\.service$/;

/**
 * Whether a child of systemd is the main process of its service.
 *
 * systemd tells the process that it starts its own pid in `SYSTEMD_EXEC_PID`
 * (systemd.exec(5), since version 248), and starts it in a session of its own;
 * what such a process started inherits both. Of several children of systemd in
 * one control group at most one is the main process. Age proves nothing: a
 * service that leaves processes behind as it stops (`KillMode=process`, as
 * that of GitHub's runner) has a main process younger than they are.
 *
 * @param facts a process whose parent is systemd
 * @returns `undefined` where it cannot be told
 */
export function isServiceMain(
  facts: ProcessFacts,
  links: ProcessLinks,
): boolean | undefined {
  const unit = facts.cgroup === undefined ? undefined : readUnit(facts.cgroup);
  if (unit === undefined) return facts.cgroup === undefined ? undefined : false;
  if (unit.kind === "scope") return false;
  const starts = readExecPid(facts);
  if (starts === facts.pid) return true;
  if (HOST_SERVICE.test(unit.name)) return false;
  // A service that turns itself into a daemon (`Type=forking`) has a main
  // process that systemd did not start: only another one rules that out.
  for (const sibling of links.children.get(facts.ppid ?? 0) ?? []) {
    if (sibling.pid === facts.pid || sibling.zombie) continue;
    const { cgroup = "" } = sibling;
    if (readUnit(cgroup)?.path !== unit.path) continue;
    if (readExecPid(sibling) === sibling.pid) return false;
    if (starts !== undefined && isOlder(sibling, facts)) return false;
    if (leadsSession(sibling) && leadsSession(facts) === false) return false;
  }
  return undefined;
}

/** Whether it leads its session; `undefined` where that is not known. */
export function leadsSession({ pid, sid }: ProcessFacts): boolean | undefined {
  return sid === undefined ? undefined : sid === pid;
}

function readExecPid({ markers }: ProcessFacts): number | undefined {
  const pid = Number(markers?.["SYSTEMD_EXEC_PID"]);
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

function isOlder(a: ProcessFacts, b: ProcessFacts): boolean {
  return a.startedAt !== undefined && b.startedAt !== undefined &&
    a.startedAt < b.startedAt;
}
