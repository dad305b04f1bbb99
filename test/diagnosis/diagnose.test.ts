import { describe, expect, test } from "@jest/globals";
import { diagnose } from "../../src/diagnosis/diagnose.js";
import type { Diagnosis } from "../../src/diagnosis/diagnosis.js";
import { type MadeCall, madeEvidence, madeWindow, refOf } from "../support/made-traces.js";

/** What the stock service does in a request; everything else is as ever. Jitter keeps medians honest. */
type Sick = (number: number) => {
  readonly stock?: Partial<MadeCall>;
  readonly prices?: Partial<MadeCall>;
  readonly orders?: Partial<MadeCall>;
};

const well: Sick = () => ({});

function shop(sick: Sick): (number: number) => MadeCall {
  return (number) => {
    const { stock = {}, prices = {}, orders = {} } = sick(number);
    const jitter = (number % 5) * 0.3;
    const stockCall: MadeCall = { service: "stock", operation: "GET /left", selfMs: 6 + jitter, ...stock };
    // The search asks stock too, and reviews fails every other time, as it always did.
    const search: MadeCall = {
      service: "search",
      calls: [stockCall, { service: "reviews", isError: number % 2 === 0 }],
    };
    const order: MadeCall = {
      service: "orders",
      operation: "POST /order",
      selfMs: 9 + jitter,
      calls: [stockCall, { service: "prices", selfMs: 4 + jitter, ...prices }],
      ...orders,
    };
    return { service: "gateway", operation: "/*", calls: [number % 3 === 0 ? search : order] };
  };
}

const before = [madeWindow(40, shop(well)), madeWindow(40, shop(well), 100_000)];

function diagnosed(sick: Sick, more: Parameters<typeof madeEvidence>[2] = {}, count = 60): Diagnosis {
  return diagnose(madeEvidence(madeWindow(count, shop(sick), 600_000), before, more));
}

function names({ suspects }: Diagnosis): readonly string[] {
  return suspects.map(({ service }) => service.name);
}

function sentences({ suspects }: Diagnosis): string {
  return suspects[0]?.reasons.map(({ sentence }) => sentence).join(" ") ?? "";
}

describe("the suspect", () => {
  test("is where errors are born, not where they pass or always were", () => {
    const diagnosis = diagnosed((n) => ({
      stock: { isError: n % 2 === 0 },
      orders: { isError: n % 2 === 0 },
    }));
    expect(names(diagnosis)[0]).toBe("stock");
    expect(names(diagnosis)).not.toContain("reviews");
    expect(diagnosis.suspects[0]).toMatchObject({ grade: "LIKELY", part: null });
    expect(sentences(diagnosis)).toContain("30 of 60 visits failed first inside stock (`GET /left`); 0 expected.");
    expect(diagnosis.cleared).toContainEqual({
      service: refOf("orders"),
      sentence: expect.stringContaining("began in stock"),
    });
  });

  test("is the end of a slow call that is slow to all its callers", () => {
    const diagnosis = diagnosed(() => ({ stock: { wayMs: 400 } }));
    expect(names(diagnosis)[0]).toBe("stock");
    expect(diagnosis.suspects[0]?.grade).toBe("LIKELY");
    expect(sentences(diagnosis)).toContain(
      "Calls into stock wait: from orders 400 ms instead of 1 ms in 40 of 40, from search 400 ms",
    );
  });

  test("is who works longer itself", () => {
    const diagnosis = diagnosed(() => ({ prices: { selfMs: 300 } }));
    expect(names(diagnosis)[0]).toBe("prices");
  });

  test("is the sick middle when calls into and out of it are slow", () => {
    const diagnosis = diagnosed(() => ({
      orders: {
        wayMs: 150,
        calls: [
          { service: "stock", wayMs: 150 },
          { service: "prices", wayMs: 150 },
        ],
      },
    }));
    expect(names(diagnosis)[0]).toBe("orders");
    expect(diagnosis.suspects.map(({ grade }) => grade)).toEqual(["LIKELY", "POSSIBLE", "POSSIBLE"]);
    expect(sentences(diagnosis)).toContain("Calls into and out of orders wait");
  });

  test("is both where two are sick at once", () => {
    const diagnosis = diagnosed((n) => ({ stock: { wayMs: 400 }, prices: { isError: n % 2 === 0 } }));
    expect(new Set(names(diagnosis).slice(0, 2))).toEqual(new Set(["stock", "prices"]));
    expect(diagnosis.suspects.slice(0, 2).map(({ grade }) => grade)).toEqual(["LIKELY", "LIKELY"]);
  });

  test("is the version whose siblings are well", () => {
    const diagnosis = diagnosed((n) => ({ stock: { version: n % 4 < 2 ? "v1" : "v2", isError: n % 4 >= 2 } }));
    expect(diagnosis.suspects[0]?.part).toEqual({ kind: "VERSION", name: "v2" });
    expect(sentences(diagnosis)).toContain("Version v2 of stock is bad in 30 of 30 visits, its siblings in 0 of 30.");
  });

  test("is the version that is slow, though the few errors of both tell nothing", () => {
    const diagnosis = diagnosed((n) => ({
      stock: { version: n % 4 < 2 ? "v1" : "v2", selfMs: n % 4 < 2 ? 4 : 500, isError: n % 20 === 3 || n % 20 === 4 },
    }));
    expect(diagnosis.suspects[0]).toMatchObject({ service: refOf("stock"), part: { kind: "VERSION", name: "v2" } });
  });

  test("is the pod whose siblings of the same version are well", () => {
    const diagnosis = diagnosed((n) => ({
      prices: { pod: `prices-6f6cfc45b-h5m2${n % 4 < 2 ? "n" : "p"}`, version: "v1", selfMs: n % 4 < 2 ? 4 : 500 },
    }));
    expect(diagnosis.suspects[0]).toMatchObject({
      service: refOf("prices"),
      part: { kind: "POD", name: "prices-6f6cfc45b-h5m2p" },
    });
  });

  test("is the service or its database where the database has no spans", () => {
    const withDatabase = (ms: number) => (): ReturnType<Sick> => ({
      stock: {
        calls: [
          { service: "db", isLost: true, selfMs: ms, clientTags: { "db.system": "mysql", "db.name": "stock-db" } },
        ],
      },
    });
    const window = madeWindow(60, shop(withDatabase(800)), 600_000);
    const diagnosis = diagnose(madeEvidence(window, [madeWindow(60, shop(withDatabase(3)))]));
    expect(diagnosis.suspects[0]).toMatchObject({
      service: refOf("stock"),
      part: { kind: "EXTERNAL", name: "stock-db" },
    });
    expect(sentences(diagnosis)).toContain(
      "stock waits for `stock-db`, which has no spans of its own: 801 ms instead of 4 ms",
    );
  });

  test("is the mesh's own rule where it injects the fault", () => {
    const onsetMs = 600_000;
    const change = {
      id: "1",
      atMs: onsetMs - 240_000,
      kind: "VirtualService",
      namespace: "shop",
      name: "stock-route",
      summary: "fault: 2 s delay on 100 %",
      services: [refOf("stock")],
    };
    const diagnosis = diagnosed(() => ({ stock: { wayMs: 2000, clientTags: { response_flags: "DI" } } }), {
      changes: [change],
    });
    expect(diagnosis.suspects[0]).toMatchObject({
      service: refOf("stock"),
      grade: "LIKELY",
      part: { kind: "RULE", name: "VirtualService stock-route" },
      changes: [change],
    });
    expect(diagnosis.suspects[0]?.reasons.slice(0, 2).map(({ kind }) => kind)).toEqual(["INJECTED_FAULT", "CHANGE"]);
    expect(sentences(diagnosis)).toContain("changed 4 min before it began");
  });

  test("is the called service where calls to it never arrive", () => {
    const clientTags = { upstream_cluster: "outbound|80||stock.shop.svc.cluster.local", response_flags: "UH" };
    const diagnosis = diagnosed(() => ({ stock: { isLost: true, isError: true, clientTags } }));
    expect(names(diagnosis)[0]).toBe("stock");
    expect(diagnosis.suspects.filter(({ grade }) => grade === "LIKELY")).toHaveLength(1);
    expect(sentences(diagnosis)).toContain("failed first on the way to stock");
  });

  test("has a score that its pieces add up to", () => {
    const { suspects } = diagnosed((n) => ({ stock: { wayMs: 400, isError: n % 7 === 0 } }));
    for (const { score, pieces } of suspects) {
      const explained = pieces.map(
        ({ share, incident, expected, credibility, weight }) => share * (incident - expected) * credibility * weight,
      );
      expect(pieces.map((piece) => piece.explained)).toEqual(explained.map((value) => expect.closeTo(value, 9)));
      expect(
        Math.min(
          100,
          explained.reduce((sum, value) => sum + value, 0),
        ),
      ).toBeCloseTo(score, 9);
    }
  });

  test("is only possible on few requests, and a change shortly before makes it likely again only with enough", () => {
    const sick: Sick = () => ({ stock: { wayMs: 400 } });
    expect(diagnosed(sick, {}, 12).suspects[0]).toMatchObject({ service: refOf("stock"), grade: "POSSIBLE" });
    expect(diagnosed(sick, {}, 12).missing).toContainEqual(
      expect.objectContaining({ pillar: "TRACES", message: expect.stringContaining("Only 12 requests") }),
    );
  });

  test("is raised to likely by a rollout shortly before the onset", () => {
    const sick: Sick = (n) => ({ stock: { isError: n >= 1 && n <= 4 } });
    const rollout = {
      id: "1",
      atMs: 500_000,
      kind: "Deployment",
      namespace: "shop",
      name: "stock",
      summary: "image 2.0",
      services: [refOf("stock")],
    };
    expect(diagnosed(sick).suspects[0]).toMatchObject({ service: refOf("stock"), grade: "POSSIBLE" });
    expect(diagnosed(sick, { changes: [rollout] }).suspects[0]).toMatchObject({
      service: refOf("stock"),
      grade: "LIKELY",
    });
    const restart = { ...rollout, id: "2", atMs: 610_000, summary: "container stock restarted after OOMKilled" };
    const backed = diagnosed(sick, { befell: [restart] }).suspects[0];
    expect(backed).toMatchObject({ service: refOf("stock"), grade: "LIKELY" });
    expect(backed?.reasons.at(-1)).toMatchObject({
      kind: "RESTARTS",
      sentence: "Deployment stock: container stock restarted after OOMKilled.",
    });
    // What restarts all the time restarts now too.
    const before = { ...restart, id: "3", atMs: 300_000 };
    expect(diagnosed(sick, { befell: [restart, before] }).suspects[0]?.grade).toBe("POSSIBLE");
    expect(diagnosed(sick, { changes: [{ ...rollout, services: [refOf("prices")] }] }).suspects[0]?.grade).toBe(
      "POSSIBLE",
    );
  });
});

describe("the verdict", () => {
  test("names nobody where nothing changed", () => {
    expect(diagnosed(well)).toMatchObject({ verdict: { kind: "NO_SUSPECT" }, suspects: [], cleared: [] });
  });

  test("says that the baseline is as bad where it burns as much", () => {
    const root = shop((n) => ({ stock: { isError: n % 2 === 0 } }));
    const bad = madeWindow(60, (n) => ({ ...root(n), isError: n % 2 === 0 }), 600_000);
    expect(diagnose(madeEvidence(bad, [{ ...bad, window: { fromMs: 0, toMs: 60_000 } }])).verdict.kind).toBe(
      "BASELINE_AS_BAD",
    );
  });

  test("leaves out a window before that was an incident itself", () => {
    const sick: Sick = (n) => ({ stock: { isError: n % 2 === 0 }, orders: { isError: n % 2 === 0 } });
    const evidence = madeEvidence(madeWindow(60, shop(sick), 600_000), [
      ...before,
      madeWindow(40, shop(sick), 200_000),
    ]);
    const diagnosis = diagnose(evidence);
    expect(names(diagnosis)[0]).toBe("stock");
    expect(diagnosis.baseline?.windowCount).toBe(2);
  });

  test("blames what lies outside the mesh where all services are slower alike", () => {
    const slow = (call: MadeCall): MadeCall => ({
      ...call,
      selfMs: 2 * (call.selfMs ?? 5),
      calls: (call.calls ?? []).map(slow),
    });
    const root = shop(well);
    const diagnosis = diagnose(
      madeEvidence(
        madeWindow(60, (n) => slow(root(n)), 600_000),
        before,
      ),
    );
    expect(diagnosis.verdict.kind).toBe("OUTSIDE_MESH");
    expect(diagnosis.suspects).toEqual([]);
  });

  test("says what is missing: no evidence, no baseline, too few requests", () => {
    const sick = shop(() => ({ stock: { isError: true } }));
    expect(diagnose(madeEvidence(madeWindow(0, sick), before)).verdict).toMatchObject({ reason: "NO_EVIDENCE" });
    expect(diagnose(madeEvidence(madeWindow(60, sick), [])).verdict).toMatchObject({ reason: "NO_BASELINE" });
    expect(diagnose(madeEvidence(madeWindow(3, sick, 600_000), before)).verdict).toMatchObject({
      reason: "TOO_FEW_REQUESTS",
    });
  });
});

describe("bad input", () => {
  const sick: Sick = (n) => ({ stock: { wayMs: 400, skewMs: n % 2 === 0 ? 3000 : -3000 } });

  test("does not move the blame where clocks are wrong", () => {
    expect(names(diagnosed(sick))[0]).toBe("stock");
  });

  test("does without traces in flight, and says so", () => {
    const window = madeWindow(
      60,
      shop(() => ({ stock: { wayMs: 400 } })),
      600_000,
    );
    const traces = (window.traces ?? []).map((trace, i) =>
      i % 3 === 0 ? { ...trace, spans: trace.spans.slice(1) } : trace,
    );
    const diagnosis = diagnose(madeEvidence({ ...window, traces }, before));
    expect(names(diagnosis)[0]).toBe("stock");
    expect(diagnosis.missing.map(({ message }) => message).join(" ")).toContain("cut or still in flight");
  });

  test("ranks by errors where no caller has a client span", () => {
    const bare = (call: MadeCall): MadeCall => ({
      ...call,
      isWithoutClient: true,
      calls: (call.calls ?? []).map(bare),
    });
    const of = (one: Sick) => (n: number) => bare(shop(one)(n));
    const incident = madeWindow(
      60,
      of(() => ({ stock: { wayMs: 400 } })),
      600_000,
    );
    expect(names(diagnose(madeEvidence(incident, [madeWindow(60, of(well))])))[0]).toBe("stock");
  });

  test("speaks up for a wrong value by the lines that are gone", () => {
    const lines = (from: number, isSick: boolean) =>
      Array.from({ length: 60 }, (_, i) => i + 1).flatMap((n) =>
        ["orders", "stock", "prices"].flatMap((service) =>
          isSick && service === "prices" && n > from
            ? []
            : [
                {
                  service: refOf(service),
                  pod: null,
                  level: "INFO" as const,
                  message: `INFO ${service} found ${n} rows`,
                  traceId: n.toString(16).padStart(32, "0"),
                },
              ],
        ),
      );
    const incident = { ...madeWindow(60, shop(well), 600_000), traceLines: lines(0, true) };
    const diagnosis = diagnose(
      madeEvidence(incident, [{ ...madeWindow(60, shop(well)), traceLines: lines(0, false) }]),
    );
    expect(names(diagnosis)).toEqual(["prices"]);
    expect(sentences(diagnosis)).toContain(
      '"prices found * rows" of prices is in 0 % of these requests, usually in 100 %',
    );
  });

  test("gives the same answer for spans and traces in another order", () => {
    const window = madeWindow(60, shop(sick), 600_000);
    const turned = {
      ...window,
      traces: (window.traces ?? []).toReversed().map((trace) => ({ ...trace, spans: trace.spans.toReversed() })),
    };
    const [one, other] = [window, turned].map((incident) => diagnose(madeEvidence(incident, before)));
    expect(other?.suspects.map(({ service }) => service)).toEqual(one?.suspects.map(({ service }) => service));
    expect(other?.suspects[0]?.score).toBeCloseTo(one?.suspects[0]?.score ?? 0, 9);
  });
});
