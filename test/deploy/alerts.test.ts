import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { repositoryRoot } from "../support/repository-root.js";

const read = (path: string) => readFileSync(join(repositoryRoot, path), "utf8");
const { groups } = parse(read("deploy/prometheus/meshlens-alerts.yaml")) as {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
};
const rules = groups.flatMap((group) => group.rules);
const documented = read("docs/reference/metrics.md");

describe("the alerts about Meshlens itself", () => {
  test.each(rules)("$alert reads only metrics that Meshlens has", ({ expr }) => {
    const names = [...expr.matchAll(/\b(?:meshlens|nodejs)_[a-z0-9_]+/g)].map(([name]) =>
      name.replace(/_(bucket|count|sum)$/, ""),
    );
    for (const name of names.filter((one) => one.startsWith("meshlens_"))) expect(documented).toContain(`\`${name}\``);
    expect(names.length > 0 || expr.includes('up{job="meshlens"}')).toBe(true);
  });

  test("are each tried by promtool's unit tests", () => {
    const tests = read("deploy/prometheus/meshlens-alerts.test.yaml");
    expect(rules.filter(({ alert }) => !tests.includes(alert))).toEqual([]);
  });
});
