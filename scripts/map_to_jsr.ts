/** The versions of the standard library from 1.0 on. */
const STD_RANGE = "^1";

/**
 * Makes the import map: `@std/cli/parse-args` from `jsr:@std/cli@^1/parse-args`.
 *
 * @param imports Those of `deno.json`.
 */
export function mapToJsr(
  imports: Record<string, string>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(imports).map(([name, specifier]) => {
      const [, library, path] = /^@std\/([^/]+)\/(.+)$/.exec(name) ?? [];
      return library === undefined
        ? [name, specifier]
        : [name, `jsr:@std/${library}@${STD_RANGE}/${path}`];
    }),
  );
}
