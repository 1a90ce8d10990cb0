import { formatDuration } from "./duration.ts";
import { escapeControls } from "./escape.ts";

/** Between two columns. */
const GAP = "  ";

/**
 * A table whose columns are as wide as their widest cell; the last one is not
 * padded. Cells are text from files: what could act on a terminal is escaped.
 *
 * @param columns the width to cut lines to, on a terminal; elsewhere nothing
 * is cut
 */
export function renderPlanTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number | undefined,
): string {
  const cells = [header, ...rows].map((row) =>
    row.map((cell) => [...escapeControls(cell)])
  );
  const widths = header.map((_, i) =>
    cells.reduce((width, row) => Math.max(width, row[i]?.length ?? 0), 0)
  );
  return cells.map((row) => {
    const line = row.flatMap((cell, i) => [
      ...(i === 0 ? "" : GAP),
      ...cell,
      ..." ".repeat(
        i === row.length - 1 ? 0 : (widths[i] ?? 0) - cell.length,
      ),
    ]);
    return `${line.slice(0, columns).join("").trimEnd()}\n`;
  }).join("");
}

/** An age, to the second. */
export function formatAge(milliseconds: number): string {
  return formatDuration(Math.floor(milliseconds / 1000) * 1000);
}

/** `1 entry`, `2 entries`. */
export function count(
  number: number,
  one: string,
  many: string = `${one}s`,
): string {
  return `${number} ${number === 1 ? one : many}`;
}
