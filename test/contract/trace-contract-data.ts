/** The traces every trace source is fed with by its contract suite. Names are lower case, because Zipkin keeps no other. */
import { t0Ms, type ZipkinTrace, zipkinSpan } from "../support/zipkin-spans.js";

const id = (text: string): string => text.padStart(32, "a");

/** A window around all traces. */
export const allOfIt = { fromMs: t0Ms - 60_000, toMs: t0Ms + 600_000 };

/** Names that would mean something in some query language; each has one trace of its own. */
export const hostileNames: readonly string[] = [
  'quote"d',
  "it's",
  "back\\slash",
  "new\nline",
  "emoji 😀",
  "*",
  "contract-.*",
  '"}) or {service!="x',
  "a and error",
  "x&limit=1&service=contract-front",
  "%2e%2e%00",
];

/** Names that some servers refuse to be asked for: longer than a request line, a path upwards. */
export const refusedNames: readonly string[] = ["contract-long-".padEnd(10_000, "x"), "../../api/services"];

export const requestId = "37b7938f-d830-909b-b634-6c69d2cc0287";

/** A value full of syntax, kept on one span. */
export const hostileValue = `"}) or { and error=1 \\ ' * 😀`;

export const ids = {
  whole: id("b1"),
  failed: id("b2"),
  only503: id("b3"),
  short: "4d2ac0ffee000001",
  shared: id("b4"),
  retried: id("b9"),
  orphan: id("b5"),
  skewed: id("b6"),
  split: id("b7"),
  joint: id("b8"),
} as const;

const front = "contract-front";
const cart = "contract-cart";

/** Parent client, child server; tags, an annotation. */
const whole: ZipkinTrace = [
  zipkinSpan(ids.whole, "1", front, { kind: "SERVER", atMs: 1000, ms: 120.5, tags: { "http.status_code": "200" } }),
  zipkinSpan(ids.whole, "2", front, {
    parentId: "0000000000000001",
    kind: "CLIENT",
    atMs: 1010.25,
    ms: 100,
    tags: { "guid:x-request-id": requestId, upstream_cluster: "outbound|9080||cart" },
    annotations: [{ timestamp: (t0Ms + 1020) * 1000 + 7, value: "retry" }],
  }),
  zipkinSpan(ids.whole, "3", cart, { parentId: "0000000000000002", kind: "SERVER", atMs: 1011, ms: 98.001 }),
];

const failed: ZipkinTrace = [
  zipkinSpan(ids.failed, "1", front, { kind: "SERVER", atMs: 2000, ms: 50, tags: { "http.status_code": "200" } }),
  zipkinSpan(ids.failed, "2", cart, {
    parentId: "0000000000000001",
    kind: "SERVER",
    atMs: 2010,
    ms: 20,
    tags: { error: "boom", "http.status_code": "500" },
  }),
];

const pair = { parentId: "0000000000000001", atMs: 5010 } as const;
const shared: ZipkinTrace = [
  zipkinSpan(ids.shared, "1", front, { kind: "SERVER", atMs: 5000, ms: 80 }),
  zipkinSpan(ids.shared, "2", front, { ...pair, kind: "CLIENT", ms: 60 }),
  zipkinSpan(ids.shared, "2", cart, { ...pair, kind: "SERVER", atMs: 5015, ms: 50, shared: true }),
  zipkinSpan(ids.shared, "3", "contract-db", { parentId: "0000000000000002", kind: "CLIENT", atMs: 5020, ms: 5 }),
];

/** Both attempts of a call arrive under the id its caller made for it. */
const attempt = { parentId: "0000000000000001", kind: "SERVER", shared: true } as const;
const retried: ZipkinTrace = [
  zipkinSpan(ids.retried, "1", "contract-retrying", { kind: "SERVER", atMs: 5500, ms: 80 }),
  zipkinSpan(ids.retried, "2", "contract-retrying", { ...attempt, kind: "CLIENT", shared: false, atMs: 5505, ms: 70 }),
  zipkinSpan(ids.retried, "2", "contract-refusing-once", { ...attempt, atMs: 5510, ms: 20, tags: { error: "503" } }),
  zipkinSpan(ids.retried, "2", "contract-refusing-once", { ...attempt, atMs: 5540, ms: 30 }),
];

/** The child starts before its parent and ends after it: clocks differ, and a caller may give up. */
const skewed: ZipkinTrace = [
  zipkinSpan(ids.skewed, "1", "contract-skewed", { kind: "CLIENT", atMs: 7000, ms: 10 }),
  zipkinSpan(ids.skewed, "2", "contract-late", { parentId: "0000000000000001", kind: "SERVER", atMs: 6950, ms: 7003 }),
];

const one = (traceId: string, service: string, given: Parameters<typeof zipkinSpan>[3]): ZipkinTrace => [
  zipkinSpan(traceId, "1", service, { kind: "SERVER", ...given }),
];

/** All of it, once. */
export const contractTraces: readonly ZipkinTrace[] = [
  whole,
  failed,
  one(ids.only503, "contract-refusing", { atMs: 3000, tags: { "http.status_code": "503" } }),
  one(ids.short, "contract-short", { atMs: 4000 }),
  shared,
  retried,
  one(ids.orphan, "contract-orphan", { parentId: "00000000000000ff", atMs: 6000 }),
  skewed,
  [
    zipkinSpan(ids.split, "1", "contract-tagged", { atMs: 8000, tags: { colour: "red" } }),
    zipkinSpan(ids.split, "2", "contract-tagged", { parentId: "0000000000000001", atMs: 8001, tags: { size: "big" } }),
  ],
  one(ids.joint, "contract-tagged", { atMs: 8100, tags: { colour: "red", size: "big", odd: hostileValue } }),
  ...[1.5, 20, 300].map((ms, n) => one(id(`c${n}`), "contract-lasting", { atMs: 9000 + n, ms })),
  ...[0, 1, 2, 3, 4].map((n) => one(id(`d${n}`), "contract-many", { atMs: 20_000 + 1000 * n })),
  ...hostileNames.map((name, n) => one(id(`e${n.toString(16)}`), name, { atMs: 30_000 + n })),
  ...refusedNames.map((name, n) => one(id(`f${n}`), name, { atMs: 31_000 + n })),
];
