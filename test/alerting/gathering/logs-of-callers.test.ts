import { expect, test } from "@jest/globals";
import { type EvidenceSubject, logsOf } from "../../../src/alerting/gathering/mesh-evidence.js";
import type { MeshEdge, MeshNode, MeshReader } from "../../../src/mesh/mesh.js";
import type { ServiceRef } from "../../../src/telemetry/service-ref.js";
import { cartObjectives } from "../evaluated-mesh.js";

const ref = (name: string): ServiceRef => ({ cluster: "default", namespace: "bookinfo", name });
const node = (name: string) => ({ service: ref(name) }) as MeshNode;
const edge = (from: string) => ({ source: node(from), destination: node("reviews") }) as MeshEdge;

/** A mesh in which every service has one pattern of its own. */
const reader: Pick<MeshReader, "edgesOf" | "logPatterns"> = {
  edgesOf: async () => ({ value: ["a", "b", "reviews", "c", "d"].map(edge), sources: [], errors: [] }),
  logPatterns: async ({ name }) => {
    const count = name === "b" ? 9 : 1;
    const value = [{ pattern: `${name} says`, count, baselineCount: 0, sample: `${name} says password=hunter2` }];
    return { value, sources: [], errors: [] };
  },
};

const subject = (view: "callers" | "server"): EvidenceSubject => {
  const [objective] = cartObjectives;
  if (objective?.sli.kind !== "AVAILABILITY") throw new Error("the objective of these tests is one on availability");
  const window = { fromMs: 0, toMs: 1 };
  return {
    service: ref("reviews"),
    objective: { ...objective, sli: { ...objective.sli, view } },
    window,
    startedAtMs: 0,
  };
};

test("lines of those who call it stand beside its own, the most grown first, of a few callers only, redacted", async () => {
  const { value } = await logsOf(reader, subject("callers"));
  expect(value?.map(({ pattern }) => pattern)).toEqual(["b says", "reviews says", "a says", "c says"]);
  expect(JSON.stringify(value)).not.toContain("hunter2");
});

test("an objective on what the server saw has the server's lines alone", async () => {
  const { value } = await logsOf(reader, subject("server"));
  expect(value?.map(({ pattern }) => pattern)).toEqual(["reviews says"]);
});
