import { SUMMARY } from "../../src/model/version.ts";
import { getSum, locateFile, REPOSITORY, type Sums } from "./published.ts";

/** Scoop's names of processors, and the archive that each means. */
const PLATFORMS = [
  ["64bit", "x86_64-pc-windows-msvc"],
  ["arm64", "aarch64-pc-windows-msvc"],
] as const;

/**
 * The Scoop manifest of a release, which also tells Scoop how to find the next.
 *
 * @param version Such as `0.1.0`.
 * @param sums The checksums of its archives.
 * @throws {Error} If a checksum is missing.
 */
export function renderScoopManifest(version: string, sums: Sums): string {
  const describe = (
    make: (name: string) => Readonly<Record<string, string>>,
  ) =>
    Object.fromEntries(
      PLATFORMS.map(([cpu, triple]) => [cpu, make(`zag-ps-${triple}.zip`)]),
    );
  const manifest = {
    version,
    description: SUMMARY,
    homepage: REPOSITORY,
    license: "MIT",
    architecture: describe((name) => ({
      url: locateFile(version, name),
      hash: getSum(sums, name),
    })),
    bin: "zag-ps.exe",
    checkver: { github: REPOSITORY },
    autoupdate: {
      architecture: describe((name) => ({
        url: locateFile("$version", name),
      })),
      hash: { url: "$baseurl/SHA256SUMS" },
    },
  };
  return `${JSON.stringify(manifest, null, 4)}\n`;
}
