/**
 * Compares transcripts of the pages with what happens.
 *
 * @module
 */

/** What differs from run to run, or from machine to machine, becomes one word each. */
export function maskScene(text: string, home = "/home/me"): string {
  return text
    .replaceAll(home, "~").replace(/\/home\/(me|ada)\b/g, "~")
    // What explain says of the place where it is run.
    .replace(
      /^(Parent|Owner|Program|Folder|Session|Control group|Start stamp):( +).*\n/gm,
      "$1: <here>\n",
    )
    .replace(/\d{8}T\d{6}Z/g, "<time>")
    .replace(/projects\/[\w.-]+\//g, "projects/<project>/")
    .replace(
      /\b[\da-f]{8}(-\.\.\.|(-[\da-f]{4}){3}-[\da-f]{12})?(?![\da-f])/g,
      "<id>",
    )
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d*)?(\+00:00|Z)?/g, "<time>")
    .replace(/\b\d+ h \d+ min\b/g, "<age>")
    .replace(/\b(\d+(d|h|m|s|ms))+\b/g, "<age>")
    .replace(/(?<!exit status |\d)\d{3,}\b/g, "<n>")
    .replace(/-{5,}/g, "-----")
    .replace(/(?<=\S) {2,}/g, " ")
    .replace(/ +$/gm, "")
    .trim();
}
