import { escapeControls } from "../model/escape.ts";

/** Column of the values of `explain`. */
const LABEL_WIDTH = 16;

/** A line of `explain`: what it is, and its value. */
export function line(label: string, value: string | number): string {
  return `${`${label}:`.padEnd(LABEL_WIDTH)}${escapeControls(String(value))}`;
}
