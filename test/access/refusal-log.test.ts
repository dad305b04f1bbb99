import { expect, test } from "@jest/globals";
import { createRefusalLog, mostRefused, type ToldRefusal } from "../../src/access/refusal-log.js";

const refusal = (by: string, status = 401) => ({ by, status, route: "/graphql" });

test("the first refusal of a caller is told at once, further ones are counted, and after a quiet while it is a first one again", () => {
  const told: ToldRefusal[] = [];
  const log = createRefusalLog((one) => void told.push(one));
  for (let n = 0; n < 1_000; n += 1) log.refused(refusal("address 10.0.0.1"));
  log.refused(refusal("ann", 403));
  expect(told.splice(0).map(({ by, count }) => [by, count])).toEqual([
    ["address 10.0.0.1", 1],
    ["ann", 1],
  ]);
  log.flush();
  expect(told.splice(0)).toEqual([{ ...refusal("address 10.0.0.1"), count: 999 }]);
  log.flush();
  expect(told.splice(0)).toEqual([]);
  log.refused(refusal("address 10.0.0.1"));
  expect(told).toEqual([{ ...refusal("address 10.0.0.1"), count: 1 }]);
});

test("a hundred thousand addresses are so many lines as are allowed, and none is lost count of", () => {
  const told: ToldRefusal[] = [];
  const log = createRefusalLog((one) => void told.push(one));
  for (let n = 0; n < 100_000; n += 1) log.refused(refusal(`address ${n}`));
  log.flush();
  expect(told.length).toBeLessThanOrEqual(mostRefused + 2);
  expect(told.reduce((sum, { count }) => sum + count, 0)).toBe(100_000);
  expect(told.at(-1)).toMatchObject({ by: "others", count: 100_000 - mostRefused - 1 });
});
