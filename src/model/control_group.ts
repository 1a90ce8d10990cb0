/** A unit of systemd, as the path of a control group names it. */
export interface Unit {
  /** Such as `claude.service`. */
  readonly name: string;
  /**
   * `service`: systemd starts its main process; `scope`: its processes were
   * started by others.
   */
  readonly kind: "service" | "scope";
  /** The path of the unit's control group. */
  readonly path: string;
  /** It belongs to the `systemd --user` of a user. */
  readonly user: boolean;
}

/** A container, as the path of a control group names it. */
export interface Container {
  /** `docker`, `podman`, ...; `undefined` where the path does not tell. */
  readonly engine: "docker" | "podman" | undefined;
  /** The id that its engine gave it, or its name. */
  readonly id: string;
}

/**
 * The unit that a process of a control group belongs to: the innermost one.
 *
 * @param path such as `/system.slice/cron.service`; units of a user are below
 * `user@<uid>.service`
 * @returns `undefined` where the path names none
 */
export function readUnit(path: string): Unit | undefined {
  const names = path.split("/");
  const at = names.findLastIndex((name) => /.\.(?:service|scope)$/.test(name));
  const name = names[at];
  if (name === undefined) return undefined;
  return {
    name,
    kind: name.endsWith(".scope") ? "scope" : "service",
    path: names.slice(0, at + 1).join("/"),
    user: names.slice(0, at).some((above) => /^user@\d+\.service$/.test(above)),
  };
}

/** How container engines call the control group of a container. */
const ENGINES: readonly [RegExp, Container["engine"]][] = [
  [/^docker-([0-9a-f]{64})\.scope$/, "docker"],
  [/^libpod-([0-9a-f]{64})(?:\.scope)?$/, "podman"],
  [/^[a-z][a-z-]*-([0-9a-f]{64})\.scope$/, undefined],
  [/^([0-9a-f]{64})$/, undefined],
  [/^lxc\.payload\.(.+)$/, undefined],
];

/**
 * The container that a process of a control group runs in: the innermost one.
 *
 * @returns `undefined` where the path names none; a process sees the control
 * group of its own container as `/`
 */
export function readContainer(path: string): Container | undefined {
  const names = path.split("/");
  for (let i = names.length - 1; i >= 0; i--) {
    for (const [pattern, engine] of ENGINES) {
      const id = pattern.exec(names[i] as string)?.[1];
      if (id === undefined) continue;
      return { id, engine: names[i - 1] === "docker" ? "docker" : engine };
    }
  }
  return undefined;
}
