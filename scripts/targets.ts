/**
 * What zag-ps is built for: one row a target, and the names that follow.
 *
 * @module
 */

import { existsSync } from "node:fs";
import process from "node:process";

/** One kind of machine. */
export interface Target {
  /** Its name in the files of a release, as compilers write it. */
  triple: string;
  /** As Node names them; `process.platform` and `process.arch`. */
  platform: "linux" | "darwin" | "win32";
  arch: "x64" | "arm64";
  /** The C library, where there is more than one. */
  libc?: "gnu" | "musl";
  /** Whether `deno compile` knows it: it has no musl. */
  deno: boolean;
}

/** Every target of a release. */
export const TARGETS: readonly Target[] = [
  makeLinux("x64", "gnu"),
  makeLinux("x64", "musl"),
  makeLinux("arm64", "gnu"),
  makeLinux("arm64", "musl"),
  makeTarget("darwin", "x64", "apple-darwin"),
  makeTarget("darwin", "arm64", "apple-darwin"),
  makeTarget("win32", "x64", "pc-windows-msvc"),
  makeTarget("win32", "arm64", "pc-windows-msvc"),
];

function makeTarget(
  platform: Target["platform"],
  arch: Target["arch"],
  rest: string,
): Target {
  const cpu = arch === "x64" ? "x86_64" : "aarch64";
  return { triple: `${cpu}-${rest}`, platform, arch, deno: true };
}

function makeLinux(arch: Target["arch"], libc: "gnu" | "musl"): Target {
  return {
    ...makeTarget("linux", arch, `unknown-linux-${libc}`),
    libc,
    deno: libc === "gnu",
  };
}

/**
 * Finds the target that this machine is.
 *
 * @throws {Error} If there is none.
 */
export function findHostTarget(): Target {
  const { platform, arch } = process;
  const libc = platform === "linux" ? findLibc() : undefined;
  const found = TARGETS.find((target) =>
    target.platform === platform && target.arch === arch && target.libc === libc
  );
  if (found === undefined) {
    throw new Error(
      `Failed to find a target for this machine: "${platform}" on "${arch}"`,
    );
  }
  return found;
}

/** The loader of musl has a name of its own. */
function findLibc(): "gnu" | "musl" {
  const cpu = process.arch === "x64" ? "x86_64" : "aarch64";
  const isMusl = existsSync(`/lib/ld-musl-${cpu}.so.1`) &&
    !existsSync(`/lib64/ld-linux-x86-64.so.2`) &&
    !existsSync(`/lib/ld-linux-aarch64.so.1`);
  return isMusl ? "musl" : "gnu";
}

/** The name of the program: `zag-ps`, on Windows `zag-ps.exe`. */
export function getProgramName({ platform }: Pick<Target, "platform">): string {
  return platform === "win32" ? "zag-ps.exe" : "zag-ps";
}

/**
 * The name of the archive in a release. Installers (mise, eget, aqua) tell
 * the target by it, so it has no version: the address has that already.
 */
export function getArchiveName({ triple, platform }: Target): string {
  return `zag-ps-${triple}.${platform === "win32" ? "zip" : "tar.gz"}`;
}

/** The name that Bun gives the target, and its npm package. */
export function getBunName({ platform, arch, libc }: Target): string {
  const system = platform === "win32" ? "windows" : platform;
  const cpu = arch === "x64" ? "x64" : "aarch64";
  return `bun-${system}-${cpu}${libc === "musl" ? "-musl" : ""}`;
}
