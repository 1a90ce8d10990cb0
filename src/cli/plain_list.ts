import { listPlainly, type PlainListOptions } from "../commands/plain_list.ts";
import { locatePaths } from "../model/paths.ts";
import type { ListSystem } from "../system/system.ts";
import { makePlainRenderer } from "./plain_line.ts";
import { layTable, makeFinish, renderEntry } from "./render.ts";
import { chooseStyle } from "./style.ts";
import type { Console } from "./verb.ts";

/**
 * Answers the commonest question, a table of the store, before the program
 * for all the others is loaded.
 *
 * @param argv the arguments, without the program
 * @returns the lines to print, in parts; `undefined` where `run` has to
 * answer, be it because something else is asked, or because the answer takes
 * more than a table
 */
export async function renderPlainList(
  argv: readonly string[],
  system: ListSystem,
  screen: Console,
): Promise<(readonly string[])[] | undefined> {
  const request = readPlainRequest(argv);
  if (request === undefined) return undefined;
  try {
    const paths = locatePaths(request.zagHome, system.env, system.userHome);
    const style = chooseStyle("auto", screen.isTerminal, system.env);
    const columns = screen.isTerminal() ? screen.columns() : undefined;
    const finish = makeFinish(style, columns);
    const lines = await listPlainly(system, paths.processes, {
      ...request,
      showPlain: makePlainRenderer(finish),
      show: (entry, status) => finish(renderEntry(entry, status), status),
    });
    return lines && layTable(lines, columns);
  } catch {
    // `run` meets it again, and says what it is.
    return undefined;
  }
}

interface PlainRequest extends Pick<PlainListOptions, "running" | "limit"> {
  readonly zagHome: string | undefined;
}

/** Reads `[list] [--running] [-n N] [--zag-home DIR]`, each at most once. */
function readPlainRequest(argv: readonly string[]): PlainRequest | undefined {
  const words = [...argv];
  if (words[0] === "list" || words[0] === "ls") words.shift();
  let running = false;
  let limit: number | undefined;
  let zagHome: string | undefined;
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === "--running" && !running) running = true;
    else if (/^(?:-n|--limit)$/.test(word) && limit === undefined) {
      const count = words.shift() ?? "";
      if (!/^\d{1,15}$/.test(count)) return undefined;
      limit = Number(count);
    } else if (word === "--zag-home" && zagHome === undefined) {
      zagHome = words.shift();
      if (!zagHome || zagHome.startsWith("-")) return undefined;
    } else return undefined;
  }
  return { running, limit, zagHome };
}
