import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { backendNames } from "./backends/backend.js";
import { readTestState } from "./state-file.js";

const state = readTestState();

/** Local addresses (hex, as the kernel writes them) of the sockets a process listens on. */
function listeningAddresses(pid: number): string[] {
  const own = new Set<string>();
  for (const descriptor of readdirSync(`/proc/${pid}/fd`)) {
    try {
      own.add(readlinkSync(`/proc/${pid}/fd/${descriptor}`));
    } catch {
      // closed since the listing
    }
  }
  return ["tcp", "tcp6"].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, "utf8")
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , socketState, , , , , , inode]) => socketState === "0A" && own.has(`socket:[${inode}]`))
      .map(([, local = ""]) => local.split(":")[0] ?? ""),
  );
}

/** 127.0.0.1, ::1 and ::ffff:127.0.0.1. */
const loopback = new Set(["0100007F", "00000000000000000000000001000000", "0000000000000000FFFF00000100007F"]);

describe("the real servers", () => {
  test.each([
    ["prometheus2", /^2\.\d+/],
    ["prometheus3", /^3\.\d+/],
    ["jaeger", /^([12]\.\d+|unknown$)/],
    ["zipkin", /^3\.\d+/],
    ["elasticsearch8", /^8\.\d+/],
    ["elasticsearch9", /^9\.\d+/],
    ["postgres", /^1[4-9]\.\d+/],
  ] as const)("%s is of the major version its name promises", (name, version) => {
    expect(state[name].version).toMatch(version);
  });

  test("none that we started listens beyond loopback", () => {
    for (const name of backendNames) {
      const { pid } = state[name];
      if (pid === null) continue;
      const addresses = listeningAddresses(pid);
      expect([name, addresses.length > 0]).toEqual([name, true]);
      expect([name, addresses.filter((address) => !loopback.has(address))]).toEqual([name, []]);
    }
  });
});
