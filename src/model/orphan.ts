import { readUnit } from "./control_group.ts";
import { isUserManager, readInit } from "./init_program.ts";
import type { ProcessFacts } from "./process_facts.ts";
import type { ProcessLinks } from "./process_links.ts";
import { findParent } from "./process_tree.ts";
import { isServiceMain, leadsSession } from "./service_main.ts";

/**
 * Why a process is an orphan, in words; `undefined` if it is none, or if that
 * cannot be told.
 *
 * - Its terminal is gone.
 * - Its parent is the machine's init or the user's own `systemd --user`, and
 * it is not the main process of a service. launchd has no control groups: a
 * job of its own leads its process group, so only what does not is an orphan.
 * - Its parent is another pid 1, as in a container, and the leader of its
 * session is gone: otherwise that pid 1 may have started it.
 * - Its parent is a subreaper. A process inherits its session or begins one of
 * its own; so a parent of another session did not start it, but took it over.
 *
 * A parent that is younger than its child is not its parent. Windows gives no
 * process a new parent, and a window that was started by `start` has none from
 * the beginning: nothing can be told there.
 */
export function findOrphanReason(
  facts: ProcessFacts,
  links: ProcessLinks,
): string | undefined {
  if (facts.zombie) return undefined;
  if (facts.terminal?.deleted) {
    const { name } = facts.terminal;
    return name === undefined
      ? "its terminal is gone"
      : `its terminal ${name} is gone`;
  }
  const parent = findParent(facts, links.processes);
  if (parent === undefined || parent.zombie) return undefined;
  if (parent.pid === 1) return judgeUnderInit(facts, parent, links);
  if (isUserManager(parent)) {
    return parent.uid !== undefined && parent.uid === facts.uid
      ? judgeUnderSystemd(facts, "systemd --user", parent, links)
      : undefined;
  }
  return judgeUnderSubreaper(facts, parent);
}

function judgeUnderInit(
  facts: ProcessFacts,
  init: ProcessFacts,
  links: ProcessLinks,
): string | undefined {
  const name = readInit(init);
  if (name === "launchd") {
    return facts.pgid !== undefined && facts.pgid !== facts.pid
      ? tellParent(name, init)
      : undefined;
  }
  const { sid } = facts;
  if (name === "systemd" || name === "init") {
    // What an init starts without a session of its own is its own child, as
    // the one program that `docker run --init` starts. Neither is known where
    // the leader of both is outside of the container.
    return sid === init.sid
      ? undefined
      : judgeUnderSystemd(facts, name, init, links);
  }
  // A session of 0 is led by a process outside of the container.
  if (sid === undefined || sid <= 0 || !links.complete) return undefined;
  const leader = links.processes.get(sid);
  return leader === undefined || leader.zombie
    ? `its parent is pid 1 and the leader of its session (pid ${sid}) is gone`
    : undefined;
}

function judgeUnderSystemd(
  facts: ProcessFacts,
  name: string,
  parent: ProcessFacts,
  links: ProcessLinks,
): string | undefined {
  const { cgroup } = facts;
  if (cgroup === undefined) {
    // What init starts leads its session.
    return leadsSession(facts) === false ? tellParent(name, parent) : undefined;
  }
  if (isServiceMain(facts, links) !== false) return undefined;
  const unit = readUnit(cgroup);
  const reason = tellParent(name, parent);
  return unit?.kind === "service"
    ? `${reason}, and it is not the main process of ${unit.name}`
    : reason;
}

function judgeUnderSubreaper(
  { pid, sid }: ProcessFacts,
  parent: ProcessFacts,
): string | undefined {
  if (!sid || !parent.sid || sid === pid || sid === parent.sid) {
    return undefined;
  }
  return `its parent (pid ${parent.pid}) is of another session, so what started it is gone`;
}

function tellParent(name: string, { pid }: ProcessFacts): string {
  return `its parent is ${name} (pid ${pid}), so what started it is gone`;
}
