import { format } from "@std/fmt/bytes";

/**
 * An amount of memory, in whole units: `512 B`, `412 MiB`, `8 GiB`.
 *
 * @param bytes at least 0; `?` for what is no amount
 */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return "?";
  return format(bytes, { binary: true, maximumFractionDigits: 0 });
}
