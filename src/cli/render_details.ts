import type { ShownEntry } from "../commands/show.ts";
import { escapeControls, toSafeJson } from "../model/escape.ts";
import type { Identity } from "../model/identity.ts";
import { listSeen } from "./format_agent.ts";
import { sortKeys, toJsonEntry } from "./json_entry.ts";

/** Column of the values of `show`. */
const LABEL_WIDTH = 13;

/** The JSON of `show`: one object on one line. */
export function renderJsonEntry(shown: ShownEntry): string {
  return `${toSafeJson(toJsonShown(shown))}\n`;
}

/** The JSON of `show` for several entries: an array on one line. */
export function renderJsonShown(shown: readonly ShownEntry[]): string {
  return `${toSafeJson(shown.map(toJsonShown))}\n`;
}

function toJsonShown(shown: ShownEntry): Record<string, unknown> {
  return sortKeys({ ...toJsonEntry(shown), log_path: shown.logPath });
}

/** Those that a person should know of without asking. */
const NOTABLE_IDENTITIES: readonly Identity[] = [
  "unverified",
  "recycled",
  "invalid",
];

/** The lines of `show`. */
export function renderDetails(shown: ShownEntry): string {
  const { entry, verdict, agent, untracked } = shown;
  const { liveStatus, alive, identity, reason } = verdict;
  const outlived = alive && liveStatus !== "running";
  const notable = outlived || NOTABLE_IDENTITIES.includes(identity);
  const rows: [string, string | number | null | undefined][] = [
    ["Process ID", entry.id],
    ["PID", entry.pid],
    ["Status", liveStatus],
    ["Alive", outlived ? "yes, it outlived its end" : undefined],
    ["Identity", notable ? `${identity}: ${reason}` : undefined],
    ["Provider", entry.provider],
    ["Model", untracked ? undefined : entry.model],
    ["Command", untracked ? undefined : entry.command],
    ["Started", entry.started_at],
    ["Exited", entry.exited_at],
    ["Exit code", entry.exit_code],
    ["Session ID", entry.session_id],
    ["Root", entry.root],
    ["Prompt", entry.prompt],
    ...agent === undefined ? [] : listSeen(agent),
  ];
  return rows
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([label, value]) =>
      `${`${label}:`.padEnd(LABEL_WIDTH)}${escapeControls(String(value))}\n`
    )
    .join("");
}
