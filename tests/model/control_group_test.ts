import assert from "node:assert/strict";
import { test } from "node:test";
import { readContainer, readUnit } from "../../src/model/control_group.ts";

const ID = "0123456789abcdef".repeat(4);

const UNITS: [path: string, unit: ReturnType<typeof readUnit>][] = [
  ["/", undefined],
  ["/user.slice/user-1000.slice", undefined],
  ["/system.slice/.service", undefined],
  ["/system.slice/cron.service", {
    name: "cron.service",
    kind: "service",
    path: "/system.slice/cron.service",
    user: false,
  }],
  ["/system.slice/app.service/payload/x", {
    name: "app.service",
    kind: "service",
    path: "/system.slice/app.service",
    user: false,
  }],
  ["/user.slice/user-1000.slice/session-3.scope", {
    name: "session-3.scope",
    kind: "scope",
    path: "/user.slice/user-1000.slice/session-3.scope",
    user: false,
  }],
  ["/user.slice/user-0.slice/user@0.service/app.slice/a@b.service", {
    name: "a@b.service",
    kind: "service",
    path: "/user.slice/user-0.slice/user@0.service/app.slice/a@b.service",
    user: true,
  }],
  ["/user.slice/user-0.slice/user@0.service", {
    name: "user@0.service",
    kind: "service",
    path: "/user.slice/user-0.slice/user@0.service",
    user: false,
  }],
];

for (const [path, unit] of UNITS) {
  test(`readUnit reads ${path}`, () => {
    assert.deepEqual(readUnit(path), unit);
  });
}

const CONTAINERS: [
  name: string,
  path: string,
  container: ReturnType<typeof readContainer>,
][] = [
  ["no container", "/system.slice/cron.service", undefined],
  ["its own container", "/", undefined],
  ["docker", `/system.slice/docker-${ID}.scope`, { engine: "docker", id: ID }],
  ["docker without systemd", `/docker/${ID}`, { engine: "docker", id: ID }],
  ["docker from inside", `/../${ID}`, { engine: undefined, id: ID }],
  ["podman", `/user.slice/libpod-${ID}.scope/container`, {
    engine: "podman",
    id: ID,
  }],
  ["Kubernetes", `/kubepods.slice/pod1.slice/cri-containerd-${ID}.scope`, {
    engine: undefined,
    id: ID,
  }],
  ["a pod without systemd", `/kubepods/besteffort/pod1/${ID}`, {
    engine: undefined,
    id: ID,
  }],
  ["LXC", "/lxc.payload.web/init.scope", { engine: undefined, id: "web" }],
  ["a container in a container", `/docker/${"f".repeat(64)}/docker/${ID}`, {
    engine: "docker",
    id: ID,
  }],
  ["a name that is too short", "/docker/0123456789ab", undefined],
];

for (const [name, path, container] of CONTAINERS) {
  test(`readContainer reads ${name}`, () => {
    assert.deepEqual(readContainer(path), container);
  });
}
