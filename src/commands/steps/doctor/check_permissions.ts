import {
  type Finding,
  judgePermissions,
  type PermissionFault,
} from "../../../model/diagnosis.ts";
import { errorCode, reasonOf } from "../../../model/errors.ts";
import { say } from "../../../model/escape.ts";
import type { FileStatus } from "../../../system/system.ts";
import type { Context } from "../../context.ts";

/**
 * Checks owner and permissions of zag's files and folders. Windows has
 * others, which Node shows as the same bits for every file.
 */
export function checkPermissions(
  context: Context,
  home: FileStatus,
  paths: readonly string[],
): Finding[] {
  const { system } = context;
  if (system.platform === "win32") return [];
  const seen = new Set<string>();
  return paths.flatMap((path): Finding[] => {
    if (seen.has(path)) return [];
    seen.add(path);
    try {
      const status = system.status(path);
      if (status === undefined) return [];
      return judgePermissions(status, home.uid).map((fault) =>
        describe(context, path, status, home, fault)
      );
    } catch (error) {
      // What is below a file that should be a folder is no file of zag's.
      if (errorCode(error) === "ENOTDIR") return [];
      return [{
        check: "permissions",
        level: "problem",
        what: say`"${path}" cannot be looked at: ` + reasonOf(error),
        remedy: "Give yourself access to it",
      }];
    }
  });
}

function describe(
  { system }: Context,
  path: string,
  status: FileStatus,
  home: FileStatus,
  fault: PermissionFault,
): Finding {
  const check = "permissions";
  const level = "problem";
  const name = (uid: number) => system.userName(uid) ?? `uid ${uid}`;
  const mode = status.mode.toString(8).padStart(4, "0");
  switch (fault.kind) {
    case "others-write":
      return {
        check,
        level,
        what: say`Everybody may write "${path}" (mode ${mode})`,
        remedy: say`chmod o-w "${path}", or zag-ps doctor --fix`,
        fix: { kind: "change-mode", path, mode: fault.mode },
      };
    case "owner-cannot":
      return {
        check,
        level,
        what:
          say`The owner of "${path}" may not read and write it (mode ${mode})`,
        remedy: status.kind === "folder"
          ? say`chmod u+rwx "${path}"`
          : say`chmod u+rw "${path}"`,
      };
    case "other-owner":
      return {
        check,
        level,
        what: say`"${path}" belongs to ${
          name(status.uid)
        }, and the zag home to ${name(home.uid)}`,
        remedy: say`chown ${name(home.uid)} "${path}", as root`,
      };
  }
}
