/** What every log source does, sentence by sentence of the port. Memory, recorded and real Elasticsearch run it. */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type {
  LogAnswer,
  LogFilter,
  LogLevel,
  LogRecord,
  LogRequest,
  LogSource,
} from "../../src/telemetry/log-source.js";
import type { CallOptions, UpstreamCall } from "../../src/telemetry/source.js";
import {
  burstScene,
  fluentdScene,
  knownRequestId,
  knownTraceId,
  type LogScene,
  mixedScene,
  sceneStartMs,
} from "../support/log-scenes.js";

type Search = Extract<LogRequest, { kind: "search" }>;
type SearchResult = Extract<LogAnswer, { kind: "search" }>;

/** Registers the suite. `makeSource` gives a source that holds a scene's documents and nothing else. */
export function describeLogSource(name: string, makeSource: (scene: LogScene) => Promise<LogSource>): void {
  const filter = (given: Partial<LogFilter> = {}): LogFilter => ({
    window: { fromMs: sceneStartMs, toMs: sceneStartMs + 60_000 },
    scope: null,
    levels: null,
    text: null,
    traceIds: null,
    requestIds: null,
    spanIds: null,
    pods: null,
    lines: "any",
    ...given,
  });
  const search = (given: Partial<LogFilter> = {}, more: Partial<Search> = {}): Search => ({
    kind: "search",
    filter: filter(given),
    order: "oldest",
    limit: 100,
    after: null,
    withTotal: false,
    ...more,
  });
  const options = (given: Partial<CallOptions> = {}): CallOptions => ({
    signal: new AbortController().signal,
    deadlineMs: Date.now() + 20_000,
    ...given,
  });
  const idOf = (record: LogRecord): string => record.id.slice(record.id.lastIndexOf("/") + 1);

  describe(`${name} as a log source`, () => {
    let fluentd: LogSource;
    let burst: LogSource;
    let mixed: LogSource;
    beforeAll(async () => {
      fluentd = await makeSource(fluentdScene);
      burst = await makeSource(burstScene);
      mixed = await makeSource(mixedScene);
    });
    afterAll(async () => {
      await Promise.all([fluentd, burst, mixed].map((source) => source?.close()));
    });

    const one = async (source: LogSource, request: Search): Promise<SearchResult> => {
      const [answer] = await source.ask([request], options());
      if (answer?.kind !== "search") throw new Error("a search is answered by a search");
      expect(answer.warnings).toEqual([]);
      return answer;
    };
    const found = async (given: Partial<LogFilter>, source = fluentd) =>
      (await one(source, search(given))).records.map(idOf);
    const scope = (...names: string[]) => ({ scope: { namespace: "bookinfo", names } });
    const ofReviews = ["info", "warn", "error", "by-pod", "access-json", "access-text", "everyday", "end"];

    test("a window is open at its beginning and closed at its end", async () => {
      const ids = await found({});
      expect(ids).not.toContain("start");
      expect(ids).toContain("end");
      expect(ids).not.toContain("late");
      expect(ids).toHaveLength(13);
    });

    test("a service's records are found by label or by pod name, not by a name that begins alike, not in another namespace", async () => {
      expect(await found(scope("reviews"))).toEqual(ofReviews);
      expect(await found(scope("reviews-other"))).toEqual(["other"]);
      expect(await found(scope("review"))).toEqual([]);
      expect(await found(scope("*"))).toEqual([]);
    });

    test("labels count in every spelling their dots were given, the canonical name included", async () => {
      expect(await found(scope("ratings"))).toEqual(["dedot"]);
      expect(await found(scope("payments"))).toEqual(["short-trace"]);
      expect(await found(scope("pay"))).toEqual(["short-trace"]);
    });

    test("several names are one scope, and no names are none", async () => {
      expect(await found(scope("ratings", "details"))).toEqual(["unmerged", "dedot"]);
      expect(await found(scope())).toEqual([]);
    });

    test.each<[LogLevel, readonly string[]]>([
      ["FATAL", ["short-trace"]],
      ["ERROR", ["error"]],
      ["WARN", ["warn"]],
      ["INFO", ["info", "dedot", "by-pod", "other", "elsewhere", "end"]],
      ["DEBUG", ["unmerged"]],
      ["TRACE", []],
      ["UNKNOWN", ["access-json", "access-text", "everyday"]],
    ])("level %s is told by a key or by its place, not by the word", async (level, ids) => {
      expect(await found({ levels: [level] })).toEqual(ids);
    });

    test("several levels are asked at once, none finds nothing", async () => {
      expect(await found({ levels: ["ERROR", "WARN"] })).toEqual(["warn", "error"]);
      expect(await found({ levels: [] })).toEqual([]);
    });

    test("all words of a text must stand in the message, in any case and order", async () => {
      expect(await found({ text: "refused RATINGS" })).toEqual(["error"]);
      expect(await found({ text: "refused everyday" })).toEqual([]);
    });

    test.each([
      '"',
      "\\",
      "a\nb",
      '"}) or {',
      "*",
      "refused OR everyday~",
      "re*",
      "message:refused",
      "💥",
      "/.*/",
      "x".repeat(10_000),
    ])("a text is words and never syntax: %j", async (text) => {
      expect(await found({ text })).toEqual([]);
    });

    test("a trace's records are found by field in any spelling and by the id in their text", async () => {
      expect(await found({ traceIds: [knownTraceId] })).toEqual(["warn", "error"]);
      expect(await found({ traceIds: ["000000000000000000f067aa0ba902b7"] })).toEqual(["short-trace"]);
      expect(await found({ traceIds: ["b017403c40b9f88a3d77f6dd7dc26ea9", knownTraceId] })).toEqual([
        "warn",
        "error",
        "unmerged",
      ]);
      expect(await found({ traceIds: [] })).toEqual([]);
    });

    test("request ids are found in applications' and access lines, span ids and pods exactly", async () => {
      expect(await found({ requestIds: [knownRequestId] })).toEqual(["error"]);
      expect(await found({ requestIds: ["37b7938f-d830-909b-b634-6c69d2cc0287"] })).toEqual(["access-json"]);
      expect(await found({ requestIds: ["9c2d1f0e-0000-4000-8000-000000000001"] })).toEqual(["access-text"]);
      expect(await found({ spanIds: ["1cced2586c5c1063"] })).toEqual(["error"]);
      expect(await found({ pods: ["payments-0"] })).toEqual(["short-trace"]);
      expect(await found({ pods: ["payments"] })).toEqual([]);
    });

    test("lines of proxies can be left out or asked alone", async () => {
      expect(await found({ ...scope("reviews"), lines: "access" })).toEqual(["access-json", "access-text"]);
      expect(await found({ ...scope("reviews"), lines: "application" })).toEqual(
        ofReviews.filter((id) => !id.startsWith("access")),
      );
    });

    test("conditions that are given hold together", async () => {
      expect(
        await found({ ...scope("reviews"), levels: ["ERROR"], text: "refused", traceIds: [knownTraceId] }),
      ).toEqual(["error"]);
      expect(await found({ ...scope("ratings"), levels: ["ERROR"] })).toEqual([]);
    });

    test("an application's record says who, when, how grave and in which call", async () => {
      const { records } = await one(fluentd, search({ text: "refused" }));
      expect(records[0]).toMatchObject({
        atMs: sceneStartMs + 3_000,
        level: "ERROR",
        message: "ratings failed: connection refused",
        namespace: "bookinfo",
        pod: "reviews-v1-5c66d57d58-6mp2b",
        container: "app",
        serviceNames: ["reviews"],
        traceId: knownTraceId,
        spanId: "1cced2586c5c1063",
        requestId: knownRequestId,
        accessLog: null,
      });
    });

    test("a message is the message of a JSON line, else the line", async () => {
      expect((await one(fluentd, search(scope("details")))).records[0]?.message).toBe("looked up 12 details");
      expect((await one(fluentd, search({ levels: ["UNKNOWN"], text: "everyday" }))).records[0]?.message).toBe(
        "an everyday line about ERROR and INFO",
      );
    });

    test("an access line is read from JSON keys and from text", async () => {
      const { records } = await one(fluentd, search({ ...scope("reviews"), lines: "access" }));
      expect(records.map((record) => record.accessLog)).toMatchObject([
        {
          responseCode: 503,
          responseFlags: ["UF", "URX"],
          upstreamCluster: "outbound|9080||ratings.bookinfo.svc.cluster.local",
        },
        { responseCode: 200, responseFlags: [], path: "/error/INFO", upstreamCluster: "inbound|9080||" },
      ]);
      // JSON in words; text is words already.
      expect(records.map((record) => record.message)).toEqual([
        "GET ratings:9080/ratings/0 503 UF URX after 12 ms, outbound|9080||ratings.bookinfo.svc.cluster.local",
        expect.stringMatching(/^\[[^\]]+\] "GET \/error\/INFO HTTP\/1\.1" 200 /),
      ]);
    });

    test("newest first is the order turned round", async () => {
      const oldest = await found({});
      const newest = (await one(fluentd, search({}, { order: "newest" }))).records.map(idOf);
      expect(newest).toEqual([...oldest].reverse());
    });

    test.each([
      ["newest", 1],
      ["oldest", 2],
      ["newest", 5],
    ] as const)("pages %s first of %d visit every record once and end with null", async (order, limit) => {
      const pages = await allPages(fluentd, scope("reviews"), order, limit);
      expect(pages.ids).toEqual(order === "oldest" ? ofReviews : [...ofReviews].reverse());
    });

    test.each(["newest", "oldest"] as const)(
      "pages of one instant only lose and repeat nothing, %s first",
      async (order) => {
        const { ids, largest } = await allPages(burst, {}, order, 7);
        expect(new Set(ids).size).toBe(56);
        expect(ids).toHaveLength(56);
        expect(largest).toBe(7);
      },
    );

    test("a total is counted when asked, for the whole filter and not for the page", async () => {
      expect((await one(fluentd, search(scope("reviews")))).total).toBeNull();
      const first = await one(fluentd, search(scope("reviews"), { limit: 3, withTotal: true }));
      expect(first.total).toEqual({ value: 8, relation: "EQ" });
      const second = await one(fluentd, search(scope("reviews"), { limit: 3, withTotal: true, after: first.next }));
      expect(second.total).toEqual({ value: 8, relation: "EQ" });
    });

    test("nothing found is an empty page", async () => {
      expect(await one(fluentd, search({ text: "nonesuch" }, { withTotal: true }))).toEqual({
        kind: "search",
        records: [],
        next: null,
        total: { value: 0, relation: "EQ" },
        warnings: [],
      });
    });

    const volume = async (given: Partial<LogFilter>, stepMs: number, source = fluentd) => {
      const [answer] = await source.ask([{ kind: "volume", filter: filter(given), stepMs }], options());
      if (answer?.kind !== "volume") throw new Error("a volume is answered by a volume");
      expect(answer.warnings).toEqual([]);
      return answer;
    };

    test("a volume counts each level per step; levels that never occur are absent", async () => {
      const { timestampsMs, byLevel } = await volume(scope("reviews"), 20_000);
      expect(timestampsMs).toEqual([0, 20_000, 40_000].map((ms) => sceneStartMs + ms));
      expect(Object.fromEntries(byLevel)).toEqual({
        ERROR: [1, 0, 0],
        WARN: [1, 0, 0],
        INFO: [2, 0, 1],
        UNKNOWN: [3, 0, 0],
      });
    });

    test("a volume's steps run from the window's beginning, the last may be shorter", async () => {
      const window = { fromMs: sceneStartMs + 500, toMs: sceneStartMs + 3_000 };
      const { timestampsMs, byLevel } = await volume({ ...scope("reviews"), window }, 1_000);
      expect(timestampsMs.map((ms) => ms - sceneStartMs)).toEqual([500, 1_500, 2_500]);
      expect(Object.fromEntries(byLevel)).toEqual({ INFO: [1, 0, 0], WARN: [0, 1, 0], ERROR: [0, 0, 1] });
    });

    test("a volume of more than a thousand steps is refused", async () => {
      const asked = fluentd.ask([{ kind: "volume", filter: filter(), stepMs: 50 }], options());
      await expect(asked).rejects.toMatchObject({ code: "MESHLENS_ERR_QUERY_INPUT" });
    });

    test("a volume of nothing has its steps and no level", async () => {
      const { timestampsMs, byLevel } = await volume({ text: "nonesuch" }, 30_000);
      expect([timestampsMs.length, byLevel.size]).toEqual([2, 0]);
    });

    test("patterns group alike messages, most frequent first", async () => {
      const [answer] = await burst.ask([{ kind: "patterns", filter: filter(), limit: 1 }], options());
      expect(answer).toMatchObject({
        kind: "patterns",
        warnings: [],
        patterns: [{ pattern: "* INFO burst number *", count: 37 }],
      });
    });

    test("several questions are answered in their order by one call upstream", async () => {
      const calls: UpstreamCall[] = [];
      const requests: LogRequest[] = [
        search(scope("ratings")),
        { kind: "volume", filter: filter(), stepMs: 60_000 },
        { kind: "patterns", filter: filter(), limit: 2 },
        search(scope("details")),
      ];
      const answers = await fluentd.ask(requests, options({ onUpstreamCall: (call) => calls.push(call) }));
      expect(answers.map((answer) => answer.kind)).toEqual(["search", "volume", "patterns", "search"]);
      expect(calls).toMatchObject([{ source: fluentd.name, operation: "msearch", isShared: false }]);
      expect(await fluentd.ask([], options())).toEqual([]);
    });

    test("documents of several shippers behind one pattern are one service", async () => {
      const cart = { scope: { namespace: "shop", names: ["cart"] } };
      const { records } = await one(mixed, search(cart));
      expect(records.map(idOf)).toEqual(["ecs", "otel", "viaq", "fluentd"]);
      expect(records.map((record) => record.level)).toEqual(["WARN", "ERROR", "FATAL", "INFO"]);
      expect(records.map((record) => record.container)).toEqual(["cart", "cart", "cart", "app"]);
      expect(await found({ ...cart, levels: ["ERROR", "FATAL"] }, mixed)).toEqual(["otel", "viaq"]);
      expect(await found({ traceIds: [knownTraceId] }, mixed)).toEqual(["ecs", "otel"]);
      expect(await found({ ...cart, text: "cart not" }, mixed)).toEqual(["otel"]);
      expect(Object.fromEntries((await volume(cart, 60_000, mixed)).byLevel)).toEqual({
        FATAL: [1],
        ERROR: [1],
        WARN: [1],
        INFO: [1],
      });
    });

    test("a probe says what is there", async () => {
      const probe = await fluentd.probe(options());
      expect(probe.found).toEqual(expect.any(String));
      expect(probe.capabilities.some((word) => word.startsWith("shape:"))).toBe(true);
    });

    test("a caller that has gone and a deadline that has passed get no answer", async () => {
      const left = fluentd.ask([search()], options({ signal: AbortSignal.abort() }));
      await expect(left).rejects.toMatchObject({ code: "MESHLENS_ERR_SOURCE_ABORTED" });
      const late = fluentd.ask([search()], options({ deadlineMs: Date.now() - 1 }));
      await expect(late).rejects.toMatchObject({ code: "MESHLENS_ERR_SOURCE_TIMEOUT" });
    });

    async function allPages(source: LogSource, given: Partial<LogFilter>, order: "newest" | "oldest", limit: number) {
      const ids: string[] = [];
      let largest = 0;
      let after: Search["after"] = null;
      do {
        const page: SearchResult = await one(source, search(given, { order, limit, after }));
        ids.push(...page.records.map(idOf));
        largest = Math.max(largest, page.records.length);
        after = page.next;
      } while (after !== null && ids.length <= 200);
      return { ids, largest };
    }
  });
}
