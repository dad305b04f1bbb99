import { existsSync, lstatSync, mkdtempSync, readFileSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { openBackfill } from "../../src/cli/demo-backfill.js";

const series = { family: "calls", name: "calls_total", type: "counter" as const, labels: { pod: "a" } };
const fileIn = () => join(mkdtempSync(join(tmpdir(), "meshlens-backfill-")), "metrics.om");

describe("the file of --backfill-out", () => {
  test("a whole one stays as it was at its end, whatever comes later", () => {
    const file = fileIn();
    const backfill = openBackfill(file);
    backfill.samples?.sample(series, 1_000, 1);
    backfill.end();
    backfill.samples?.sample(series, 2_000, 2);
    backfill.abandon();
    expect(readFileSync(file, "utf8")).toBe('# TYPE calls counter\ncalls_total{pod="a"} 1 1\n# EOF\n');
  });

  test("one that is given up is removed, and takes no more", () => {
    const file = fileIn();
    const backfill = openBackfill(file);
    backfill.samples?.sample(series, 1_000, 1);
    backfill.abandon();
    backfill.abandon();
    backfill.samples?.sample(series, 2_000, 2);
    expect(existsSync(file)).toBe(false);
  });

  test("a name for something else, such as a device, is not removed", () => {
    const link = fileIn();
    symlinkSync("/dev/null", link);
    openBackfill(link).abandon();
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
  });

  test("a place that cannot be written is wrong use", () => {
    expect(() => openBackfill(join(fileIn(), "in-a-file"))).toThrow(/--backfill-out .* cannot be written \(ENOENT\)/);
  });
});
