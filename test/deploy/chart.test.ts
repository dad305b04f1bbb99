import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { valuesSchema } from "../support/deploy/values-schema.js";
import { golden } from "../support/golden.js";
import { repositoryRoot } from "../support/repository-root.js";

const chart = join(repositoryRoot, "deploy/helm/meshlens");
const read = (path: string) => readFileSync(join(chart, path), "utf8");

describe("the Helm chart", () => {
  test("golden: knows the keys of the configuration", () => {
    golden(join(chart, "values.schema.json"), valuesSchema());
  });

  test("has a value for everything its schema names, and no other", () => {
    const { properties } = JSON.parse(valuesSchema()) as { properties: Record<string, unknown> };
    const { global: _, ...own } = properties;
    expect(Object.keys(own).sort()).toEqual(Object.keys(parse(read("values.yaml"))).sort());
  });

  test("is of the version of Meshlens", () => {
    const { version } = JSON.parse(readFileSync(join(repositoryRoot, "package.json"), "utf8")) as { version: string };
    expect(parse(read("Chart.yaml"))).toMatchObject({ version, appVersion: version });
  });

  test("golden: brings the alerts about Meshlens that are shipped beside it", () => {
    const shipped = readFileSync(join(repositoryRoot, "deploy/prometheus/meshlens-alerts.yaml"), "utf8");
    golden(join(chart, "files/meshlens-alerts.yaml"), shipped);
  });
});
