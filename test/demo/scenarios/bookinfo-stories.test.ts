// The ratios are those of a real mesh of Envoy sidecars that was run through the same stories: 600 pages each (docs/reference/demo.md).
import { describe, expect, test } from "@jest/globals";
import { durationMs, play, quantile } from "../play.js";
import { countOf, everyExchange, meanMsOf, type Tally } from "../tally.js";

const seconds = 300;
const near = (actual: number, expected: number, tolerance: number): void =>
  expect(Math.abs(actual / expected - 1)).toBeLessThan(tolerance);
const sum = (tally: Tally, ...keys: string[]): number => keys.reduce((all, key) => all + countOf(tally, key), 0);

describe("healthy", () => {
  const { tally, pages } = play("healthy", seconds);

  test("answers every call with 200, counted the same by both proxies", () => {
    for (const row of tally.rows.values()) {
      expect(row.key).toMatch(/ 200 -$/);
      const other = row.key.startsWith("source") ? "destination" : "source";
      expect(countOf(tally, row.key.replace(/^\w+/, other))).toBe(row.count);
    }
    expect(tally.lines.size).toBe(0);
    expect(tally.tcp).toEqual(new Map([["details-v1 firestore.googleapis.com -", tally.pages]]));
  });

  test("has 8 spans a page, or 6 where reviews v1 answered, and is fast", () => {
    const plain = countOf(tally, "source productpage-v1 reviews reviews-v1 200 -");
    expect(tally.spans).toBe(8 * tally.pages - 2 * plain);
    expect(quantile(pages.map(durationMs), 0.95)).toBeLessThan(30);
  });

  test("serves jason by reviews v2 and everybody else by all three versions alike", () => {
    const rest = { v1: 0, v2: 0, v3: 0 };
    for (const page of pages)
      for (const call of everyExchange(page)) {
        if (call.kind !== "http" || call.target.name !== "reviews") continue;
        if (page.user === "jason") expect(call.subset).toBe("v2");
        else rest[call.subset as keyof typeof rest] += 1;
      }
    const all = rest.v1 + rest.v2 + rest.v3;
    for (const count of Object.values(rest)) near(count / all, 1 / 3, 0.1);
  });
});

describe("ratings-delay", () => {
  const { tally, pages } = play("ratings-delay", seconds);
  const jasons = pages.filter((page) => page.user === "jason");
  const delayed = countOf(tally, "source productpage-v1 reviews reviews-v2 0 DC");

  test("makes productpage give up on reviews twice a page, as both proxies say", () => {
    expect(jasons.length).toBeGreaterThan(300);
    expect(delayed).toBe(2 * jasons.length);
    expect(countOf(tally, "destination productpage-v1 reviews reviews-v2 0 DC")).toBe(delayed);
    near(meanMsOf(tally, "source productpage-v1 reviews reviews-v2 0 DC"), 3000.5, 0.001);
    expect(tally.lines).toEqual(
      new Map([["productpage-v1 ERROR Error retrieving reviews: Read timed out after 3000 ms", delayed]]),
    );
  });

  test("answers jason 200 after 6 s and hurts nobody else", () => {
    for (const page of jasons) expect(page.client.status).toBe(200);
    near(quantile(jasons.map(durationMs), 0.5), 6011, 0.002);
    expect(quantile(pages.filter((page) => page.user !== "jason").map(durationMs), 0.99)).toBeLessThan(40);
  });

  test("leaves ratings healthy: it counts the calls nobody waits for, and is fast", () => {
    const toRatings = "reviews-v2 ratings ratings-v1 200";
    expect(countOf(tally, `source ${toRatings} DI`)).toBe(delayed);
    near(meanMsOf(tally, `source ${toRatings} DI`), 7003, 0.002);
    expect(countOf(tally, `destination ${toRatings} -`)).toBe(delayed + countOf(tally, `source ${toRatings} -`));
    expect(meanMsOf(tally, `destination ${toRatings} -`)).toBeLessThan(5);
  });

  test("makes 12 spans for jason, the delayed client span ending after its parent and after the root", () => {
    for (const page of jasons) {
      const calls = [...everyExchange(page)].filter((call) => call.kind === "http");
      expect(calls.length + calls.reduce((all, call) => all + call.attempts.length, 0)).toBe(12);
      const last = Math.max(...calls.map((call) => call.client.endMs));
      expect(last - page.client.startMs).toBeGreaterThan(10_000);
      expect(page.client.endMs - page.client.startMs).toBeLessThan(6100);
    }
  });
});

describe("ratings-delay-v3", () => {
  test("cuts the delay short at 2.5 s: DI,DC at the caller, and ratings never hears of it", () => {
    const { tally, pages } = play("ratings-delay-v3", seconds);
    const jasons = pages.filter((page) => page.user === "jason");
    expect(countOf(tally, "source reviews-v3 ratings unknown 0 DI,DC")).toBe(jasons.length);
    near(meanMsOf(tally, "source reviews-v3 ratings unknown 0 DI,DC"), 2501, 0.001);
    expect(countOf(tally, "destination reviews-v3 ratings ratings-v1 200 -")).toBe(
      countOf(tally, "source reviews-v3 ratings ratings-v1 200 -"),
    );
    near(quantile(jasons.map(durationMs), 0.5), 2511, 0.003);
    const line = "reviews-v3 ERROR Error: unable to contact ratings got exception Read timed out after 2500 ms";
    expect(tally.lines).toEqual(new Map([[line, jasons.length]]));
  });
});

describe("ratings-abort", () => {
  test("answers half of the calls 500 FI at the caller's proxy, without a server span or a row of ratings'", () => {
    const { tally } = play("ratings-abort", seconds);
    for (const version of ["v2", "v3"]) {
      const aborted = countOf(tally, `source reviews-${version} ratings unknown 500 FI`);
      const answered = countOf(tally, `source reviews-${version} ratings ratings-v1 200 -`);
      near(aborted / (aborted + answered), 0.48, 0.12);
      expect(meanMsOf(tally, `source reviews-${version} ratings unknown 500 FI`)).toBeLessThan(1);
      expect(countOf(tally, `destination reviews-${version} ratings ratings-v1 200 -`)).toBe(answered);
      const line = `reviews-${version} ERROR Error: unable to contact ratings got status of 500`;
      expect(tally.lines.get(line)).toBe(aborted);
    }
    expect([...tally.rows.keys()].filter((key) => key.startsWith("destination") && !key.endsWith(" 200 -"))).toEqual(
      [],
    );
  });
});

describe("retries-mask", () => {
  test("fails half of the attempts and few of the calls, by retries of the caller's proxy", () => {
    const { tally, pages } = play("retries-mask", seconds);
    const of = (reporter: string, end: string): number =>
      sum(
        tally,
        `${reporter} reviews-v2 ratings ratings-v1 ${end}`,
        `${reporter} reviews-v3 ratings ratings-v1 ${end}`,
      );
    near(of("destination", "503 -") / (of("destination", "503 -") + of("destination", "200 -")), 341 / 717, 0.08);
    near(of("source", "503 URX") / (of("source", "503 URX") + of("source", "200 -")), 24 / 400, 0.3);
    expect(of("destination", "200 -")).toBe(of("source", "200 -"));
    expect(tally.lines.get("ratings-v1 ERROR ratings store refused the read")).toBe(of("destination", "503 -"));
    near(meanMsOf(tally, "source reviews-v2 ratings ratings-v1 200 -"), 13.7, 0.25);
    const attempts = new Set<number>();
    for (const page of pages)
      for (const call of everyExchange(page)) {
        if (call.kind !== "http" || call.target.name !== "ratings") continue;
        attempts.add(call.attempts.length);
        // A retry avoids the pod that has just failed.
        for (const [index, attempt] of call.attempts.entries())
          if (index > 0) expect(attempt.pod).not.toBe(call.attempts[index - 1]?.pod);
      }
    expect([...attempts].sort()).toEqual([1, 2, 3, 4]);
  });
});

describe("rbac-denied", () => {
  test("denies reviews-v3 alone: 403 without a flag, the policy in the server's details, ratings silent", () => {
    const { tally, pages } = play("rbac-denied", seconds);
    const denied = countOf(tally, "source reviews-v3 ratings ratings-v1 403 -");
    expect(denied).toBe(countOf(tally, "source productpage-v1 reviews reviews-v3 200 -"));
    expect(countOf(tally, "destination reviews-v3 ratings ratings-v1 403 -")).toBe(denied);
    expect(countOf(tally, "source reviews-v2 ratings ratings-v1 200 -")).toBeGreaterThan(denied);
    expect(tally.lines).toEqual(
      new Map([["reviews-v3 ERROR Error: unable to contact ratings got status of 403", denied]]),
    );
    const call = pages
      .flatMap((page) => [...everyExchange(page)])
      .find((one) => one.kind === "http" && one.client.status === 403);
    if (call?.kind !== "http") throw new Error("no denied call");
    expect(call.client.details).toBe("via_upstream");
    expect(call.attempts[0]).toMatchObject({
      work: null,
      server: { details: "rbac_access_denied_matched_policy[ns[bookinfo]-policy[deny-reviews-v3]-rule[0]]" },
    });
  });
});

describe("egress", () => {
  test("egress-blocked drops every connection of details, which then answers 500; the page stays 200", () => {
    const { tally } = play("egress-blocked", seconds);
    expect(tally.tcp).toEqual(new Map([["details-v1 BlackHoleCluster UH", tally.pages]]));
    expect(countOf(tally, "source productpage-v1 details details-v1 500 -")).toBe(tally.pages);
    expect(countOf(tally, "destination productpage-v1 details details-v1 500 -")).toBe(tally.pages);
    expect(countOf(tally, "source istio-ingressgateway productpage productpage-v1 200 -")).toBe(tally.pages);
    expect(tally.lines.get("productpage-v1 ERROR Error retrieving details: HTTP 500")).toBe(tally.pages);
    near(
      (tally.lines.get("details-v1 ERROR Firestore read failed: read ECONNRESET") ?? 0) / tally.pages,
      460 / 600,
      0.05,
    );
  });

  test("egress-firestore reads a hundred times as much, and nothing fails", () => {
    const { tally, pages } = play("egress-firestore", 60);
    for (const page of pages)
      for (const call of everyExchange(page))
        if (call.kind === "tcp") expect(call).toMatchObject({ sentBytes: 56, receivedBytes: 48_200, flags: [] });
    expect([...tally.rows.keys()].filter((key) => !key.endsWith(" 200 -"))).toEqual([]);
  });
});

describe("mysql-slow", () => {
  test("is ratings-v2's own 1.8 s, seen as the connection's duration and a WARN, not as a failure", () => {
    const { tally, pages } = play("mysql-slow", seconds);
    const calls = sum(
      tally,
      "source reviews-v2 ratings ratings-v2 200 -",
      "source reviews-v3 ratings ratings-v2 200 -",
    );
    expect(tally.tcp.get("ratings-v2 mysql.example.com -")).toBe(calls);
    near(meanMsOf(tally, "destination reviews-v2 ratings ratings-v2 200 -"), 1804, 0.01);
    expect(tally.lines).toEqual(new Map([["ratings-v2 WARN slow query: SELECT Rating FROM ratings took N ms", calls]]));
    for (const page of pages)
      for (const call of everyExchange(page))
        if (call.kind === "tcp" && call.source.workload.name === "ratings-v2") {
          expect(call.target).toMatchObject({ host: "mysql.example.com", port: 3306 });
          near(call.endMs - call.startMs, 1800, 0.06);
        }
  });
});

describe("canary-split", () => {
  test("shares the calls of v2 and v3 evenly, with all errors at v3 and most hidden by productpage's second try", () => {
    const { tally, pages } = play("canary-split", seconds);
    const v2 = countOf(tally, "source productpage-v1 reviews reviews-v2 200 -");
    const failed = countOf(tally, "source productpage-v1 reviews reviews-v3 500 -");
    const v3 = countOf(tally, "source productpage-v1 reviews reviews-v3 200 -") + failed;
    near(v2 / (v2 + v3), 0.5, 0.06);
    near(failed / v3, 1 / 12, 0.3);
    expect([...tally.rows.keys()].filter((key) => key.includes("reviews-v1"))).toEqual([]);
    expect(meanMsOf(tally, "destination productpage-v1 reviews reviews-v3 200 -")).toBeGreaterThan(
      meanMsOf(tally, "destination productpage-v1 reviews reviews-v2 200 -") + 80,
    );
    for (const page of pages) expect(page.client.status).toBe(200);
  });
});

describe("crashloop", () => {
  test("fails a few calls right after each crash: UF at the pod's own sidecar, 503 at the caller, ratings silent", () => {
    const { tally } = play("crashloop", 600);
    const ends = (reporter: string, end: string): number =>
      [...tally.rows.values()]
        .filter((row) => row.key.startsWith(reporter) && row.key.endsWith(`ratings ratings-v1 ${end}`))
        .reduce((all, row) => all + row.count, 0);
    const failed = ends("destination", "503 UF");
    expect(failed).toBeGreaterThan(5);
    expect(failed / (failed + ends("destination", "200 -"))).toBeLessThan(0.02);
    expect(ends("source", "503 -")).toBe(failed);
    expect([...tally.lines.keys()].filter((line) => line.startsWith("ratings"))).toEqual([]);
  });
});
