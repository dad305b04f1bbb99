import type { ApplicationLine, Exchange, HttpExchange, ProxyView } from "../../src/demo/simulation/exchange.js";
import type { MeshPod } from "../../src/demo/simulation/mesh-model.js";

/** What both reporters count, as `istio_requests_total` would: one row per label set. */
export interface Row {
  readonly key: string;
  count: number;
  totalMs: number;
}

/** Everything that is counted of requests: rows of both reporters, TCP connections and error lines. */
export interface Tally {
  pages: number;
  readonly rows: Map<string, Row>;
  readonly tcp: Map<string, number>;
  /** ERROR and WARN lines by workload and message, numbers masked. */
  readonly lines: Map<string, number>;
  spans: number;
}

export function emptyTally(): Tally {
  return { pages: 0, rows: new Map(), tcp: new Map(), lines: new Map(), spans: 0 };
}

/** Counts of a row `source reviews-v2 ratings ratings-v1 200 -`; the workload is `unknown` where no pod was chosen. */
export function countOf(tally: Tally, key: string): number {
  return tally.rows.get(key)?.count ?? 0;
}

export function meanMsOf(tally: Tally, key: string): number {
  const row = tally.rows.get(key);
  return row === undefined ? Number.NaN : row.totalMs / row.count;
}

/** Adds one user's request with all that it caused. */
export function addPage(tally: Tally, root: HttpExchange): void {
  tally.pages += 1;
  for (const one of everyExchange(root)) {
    if (one.kind === "tcp") {
      const to = typeof one.target === "string" ? one.target : one.target.host;
      add(tally.tcp, `${one.source.workload.name} ${to} ${one.flags.join(",") || "-"}`);
      continue;
    }
    tally.spans += 1 + one.attempts.length;
    addRow(tally, "source", one.source, one, one.client);
    for (const attempt of one.attempts) {
      addRow(tally, "destination", one.source, one, attempt.server);
      for (const line of attempt.work?.lines ?? []) addLine(tally, attempt.pod, line);
    }
  }
}

/** A request and all that it caused, callers before what they call. */
export function* everyExchange(root: Exchange): Generator<Exchange> {
  yield root;
  if (root.kind === "http")
    for (const attempt of root.attempts) for (const call of attempt.work?.calls ?? []) yield* everyExchange(call);
}

function addRow(tally: Tally, reporter: string, source: MeshPod, of: HttpExchange, view: ProxyView): void {
  const destination = view.destination?.workload.name ?? "unknown";
  const flags = view.flags.join(",") || "-";
  const key = `${reporter} ${source.workload.name} ${of.target.name} ${destination} ${view.status} ${flags}`;
  const row = tally.rows.get(key) ?? { key, count: 0, totalMs: 0 };
  row.count += 1;
  row.totalMs += view.endMs - view.startMs;
  tally.rows.set(key, row);
}

function addLine(tally: Tally, pod: MeshPod, line: ApplicationLine): void {
  if (line.level === "INFO") return;
  add(tally.lines, `${pod.workload.name} ${line.level} ${line.message.replace(/ took \d+ ms/, " took N ms")}`);
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
