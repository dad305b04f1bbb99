import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { describeChange } from "../../../src/workloads/changes/describe-change.js";
import { kubeObject } from "../../../src/workloads/kube-object.js";
import { trimObject } from "../../../src/workloads/trim-object.js";
import { golden } from "../../support/golden.js";
import { deploymentOf, kubeObjectOf } from "../../support/kube-objects.js";
import { type ObjectPair, objectPairs } from "./object-pairs.js";

const goldenFile = new URL("../../../../test/workloads/changes/described-changes.md", import.meta.url).pathname;

const told = ({ before, after }: ObjectPair) => describeChange(kubeObject(before), kubeObject(after));

describe("what was changed, in words", () => {
  test("every kind of change is told as the golden table says", () => {
    const rows = objectPairs.map((pair) => {
      const text = told(pair);
      const detail = text?.detail?.replaceAll("\n", "<br>") ?? "";
      return `| ${pair.title} | ${text?.summary.replaceAll("|", "\\|") ?? "(nothing to tell)"} | ${detail} |`;
    });
    golden(goldenFile, ["| change | summary | detail |", "|---|---|---|", ...rows, ""].join("\n"));
  });

  test("what is kept of an object tells the same change as the whole object", () => {
    for (const pair of objectPairs) {
      expect(describeChange(trimObject(pair.before), trimObject(pair.after))).toEqual(told(pair));
    }
  });

  test("an object compared with itself is no change", () => {
    for (const { before, after } of objectPairs) {
      const object = kubeObject(after ?? before);
      expect(describeChange(object, object)).toBeNull();
    }
  });

  test("no value of the environment, a command, a header or a script is told", () => {
    for (const pair of objectPairs) expect(JSON.stringify(told(pair))).not.toMatch(/hunter2|correct-horse/);
  });

  test("no value of the environment is kept, and nothing of a Secret or a ConfigMap", () => {
    const [pair] = objectPairs.filter(({ title }) => title === "environment by name");
    expect(JSON.stringify([pair?.before, pair?.after])).toMatch(/hunter2.*correct-horse/);
    expect(JSON.stringify([trimObject(pair?.before), trimObject(pair?.after)])).not.toMatch(/hunter2|correct-horse/);
    const applied = { "kubectl.kubernetes.io/last-applied-configuration": '{"env":"hunter2"}' };
    expect(JSON.stringify(trimObject(deploymentOf("a", "v1", { metadata: { annotations: applied } })))).not.toContain(
      "hunter2",
    );
    for (const kind of ["Secret", "ConfigMap"]) {
      expect(trimObject(kubeObjectOf("v1", kind, "a", { data: { password: "aHVudGVyMg==" } }))).toBeNull();
    }
  });

  test("the same new value of the environment is no change, another one is", () => {
    const [pair] = objectPairs.filter(({ title }) => title === "environment by name");
    const [before, after] = [trimObject(pair?.before), trimObject(pair?.after)];
    expect(describeChange(before, trimObject(pair?.before))).toBeNull();
    expect(describeChange(before, after)?.summary).toBe("environment: DB_PASSWORD changed, NEW added, OLD removed");
  });

  const kinds = objectPairs.flatMap(({ before, after }) => [before, after]).filter((object) => object !== null);
  const garbage = fc.oneof(fc.jsonValue(), fc.constantFrom(undefined, [null], [[]], { matchLabels: 7 }, "7s", -1));
  const spec = fc.dictionary(
    fc.constantFrom(
      "http",
      "tcp",
      "tls",
      "hosts",
      "host",
      "rules",
      "subsets",
      "trafficPolicy",
      "ports",
      "egress",
      "mtls",
      "portLevelMtls",
      "action",
      "selector",
      "template",
      "replicas",
      "parentRefs",
      "targetRef",
      "endpoints",
    ),
    fc.oneof(
      garbage,
      fc.array(
        fc.dictionary(
          fc.constantFrom(
            "match",
            "route",
            "fault",
            "retries",
            "from",
            "to",
            "when",
            "backendRefs",
            "filters",
            "name",
            "labels",
            "hosts",
            "mirrors",
          ),
          garbage,
        ),
      ),
    ),
  );

  test("arbitrary specifications never throw, and their sentences are one line", () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), spec, spec, (like, before, after) => {
        const [was, is] = [kubeObject({ ...like, spec: before }), kubeObject({ ...like, spec: after })];
        for (const text of [describeChange(was, is), describeChange(null, is), describeChange(was, null)]) {
          expect(text?.summary ?? "").not.toContain("\n");
        }
      }),
      { numRuns: 200 },
    );
  });
});
