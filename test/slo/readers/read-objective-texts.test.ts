import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readTexts } from "./read-texts.js";

const short = (name: string) => `apiVersion: meshlens/v1\nobjectives: [{ service: shop/${name}, availability: 99% }]\n`;

describe("objective files of all formats", () => {
  test("may stand in one file, one document each; an error in one keeps the file out and no other", () => {
    const mixed = `${short("a")}---\nversion: prometheus/v1\nservice: b\n`;
    const { objectives, findings } = readTexts(mixed, short("c"));
    expect(objectives.map(({ service }) => service.name)).toEqual(["c"]);
    expect(findings).toEqual(["a.yaml:4:1: error SLO_SHAPE: slos: is required: a list (- item)"]);
  });

  test("variables are filled in for the short form only", () => {
    const { objectives } = readTexts(
      `apiVersion: meshlens/v1\nobjectives:\n  - service: shop/$\{NAME:-cart}\n    availability: 99%\n`,
    );
    expect(objectives[0]?.service.name).toBe("cart");
  });

  test("a Kubernetes List is its items", () => {
    const { objectives, findings } = readTexts(
      `apiVersion: v1\nkind: List\nitems:\n  - ${short("a").replaceAll("\n", "\n    ")}`,
    );
    expect(findings).toEqual([]);
    expect(objectives.map(({ service }) => service.name)).toEqual(["a"]);
  });

  test.each([
    ["tabs", "version: prometheus/v1\n\tservice: a\n", "SLO_YAML"],
    [
      "an alias bomb",
      `a0: &a0 [x, x]\n${Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join()}]`).join("\n")}\n`,
      "SLO_YAML",
    ],
    ["a hundred thousand open brackets", `a: ${"[".repeat(100_000)}`, "SLO_YAML"],
    [
      "a document that grows",
      `a: &a [${"x,".repeat(50)}]\nb: &b [${"*a,".repeat(50)}]\nc: [${"*b,".repeat(50)}]\n`,
      "SLO_YAML",
    ],
    ["one that holds itself", "version: prometheus/v1\nservice: &a [*a]\n", "SLO_"],
    ["a key twice", "version: prometheus/v1\nversion: prometheus/v1\n", "SLO_YAML"],
    ["nothing", "", "SLO_FORM"],
    ["another tool's file", "apiVersion: apps/v1\nkind: Deployment\n", "SLO_FORM"],
    ["Sloth of a version that is none", "version: prometheus/v9\nservice: a\n", "SLO_FORM"],
  ])("%s: an error with its place", (_what, text, code) => {
    const { objectives, findings } = readTexts(text);
    expect(objectives).toEqual([]);
    expect(findings[0]).toContain(`error ${code}`);
  });

  test("any value under any head gives findings or objectives, never an exception", () => {
    const head = fc.constantFrom(
      { version: "prometheus/v1" },
      { apiVersion: "openslo/v1", kind: "SLO" },
      { apiVersion: "openslo/v1", kind: "SLI" },
      { apiVersion: "openslo/v1", kind: "AlertPolicy" },
      { apiVersion: "openslo/v1alpha", kind: "SLO" },
      { apiVersion: "pyrra.dev/v1alpha1", kind: "ServiceLevelObjective" },
      { apiVersion: "sloth.slok.dev/v1", kind: "PrometheusServiceLevel" },
    );
    const body = fc.dictionary(
      fc.constantFrom("metadata", "spec", "service", "slos", "objectives", "labels"),
      fc.jsonValue({ maxDepth: 4 }),
      { maxKeys: 4 },
    );
    fc.assert(
      fc.property(head, body, (top, rest) => {
        const { objectives, findings } = readTexts(JSON.stringify({ ...rest, ...top }));
        expect(objectives.length + findings.length).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
  });
});
