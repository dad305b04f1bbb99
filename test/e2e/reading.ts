/** How expectations read answers: an edge by its ends, a tag of a span, numbers within a tolerance. */
import { expect } from "@jest/globals";
import type { AccessLog, Edge, Golden, Page, Span, Trace, View } from "./questions.js";

/** The edge between two labels. */
export function edgeBetween(edges: readonly Edge[], from: string, to: string): Edge {
  const found = edges.filter(({ source, destination }) => source.label === from && destination.label === to);
  expect(found.map(({ protocol }) => `${protocol} ${from} > ${to}`)).toHaveLength(1);
  return found[0] as Edge;
}

/** Every edge as `productpage > reviews HTTP`, in order. */
export function edgeNames(edges: readonly Edge[]): string[] {
  return edges.map(({ source, destination, protocol }) => `${source.label} > ${destination.label} ${protocol}`).sort();
}

export const callsOf = ({ requestCount }: View): number => requestCount ?? Number.NaN;
export const errorRatioOf = ({ errorRatio }: View): number => errorRatio?.value ?? Number.NaN;
export const medianMsOf = ({ latency }: View): number => latency?.[0]?.value ?? Number.NaN;
export const p95MsOf = ({ latency }: View): number => latency?.[1]?.value ?? Number.NaN;

/** Failed calls of a cause, 0 when there are none. */
export function failedBy({ failures }: View, cause: string): number {
  return failures?.find((one) => one.cause === cause)?.count ?? 0;
}

/** Share of the calls with a flag, 0 when none has it. */
export function flagShare({ responseFlags }: View, flag: string): number {
  return responseFlags?.find((one) => one.flag === flag)?.share ?? 0;
}

/** Within a share of what was expected. */
export function near(actual: number, expected: number, within: number): void {
  expect(actual).toBeGreaterThanOrEqual(expected * (1 - within));
  expect(actual).toBeLessThanOrEqual(expected * (1 + within));
}

/** Between two numbers, both included. */
export function between(actual: number, low: number, high: number): void {
  expect(actual).toBeGreaterThanOrEqual(low);
  expect(actual).toBeLessThanOrEqual(high);
}

/** Nothing failed, in either view. */
export function isWell(golden: Golden): void {
  for (const view of [golden, golden.server])
    expect(view).toMatchObject({ errorRatio: { value: 0 }, failures: [], clientErrors: [], absence: null });
}

/** The workload of a pod: `reviews-v2`. */
export function workloadOf(pod: string): string {
  return pod.split("-").slice(0, -2).join("-");
}

/** Lines of one workload's proxies, of those that fit. */
export function accessOf({ access }: Page, workload: string, fits: (line: AccessLog) => boolean): AccessLog[] {
  return access.nodes
    .filter(({ pod, accessLog }) => workloadOf(pod) === workload && fits(accessLog))
    .map(({ accessLog }) => accessLog);
}

/** Every message of the page's errors by its workload, level and words, numbers masked. */
export function errorKinds({ errors }: Page): string[] {
  const kinds = errors.nodes.map(({ pod, level, message }) => {
    return `${workloadOf(pod)} ${level} ${message.replace(/took \d+ ms/, "took N ms")}`;
  });
  return [...new Set(kinds)].sort();
}

/** What was changed, as `VirtualService ratings: fault: 7 s delay ...`, newest first. */
export function changesOf({ changes }: Page): string[] {
  return changes.nodes.map(({ kind, name, summary }) => `${kind} ${name}: ${summary}`);
}

export function tagOf({ tags }: Span, key: string): string | null {
  return tags.find((tag) => tag.key === key)?.value ?? null;
}

/** A span as `CLIENT reviews v2 200 DI`. */
export function spanName(span: Span): string {
  const told = ["istio.canonical_revision", "http.status_code", "response_flags"].map((key) => tagOf(span, key));
  return [span.kind, span.service?.ref.name, ...told].join(" ");
}

/** When it ended, ms after the trace began. */
export function endMsOf(span: Span, { spans }: Trace): number {
  const startMs = Math.min(...spans.map(({ startedAt }) => Date.parse(startedAt)));
  return Date.parse(span.startedAt) - startMs + span.durationMs;
}

/** The span a span was caused by. */
export function parentOf(span: Span, { spans }: Trace): Span | undefined {
  return spans.find(({ spanId }) => spanId === span.parentSpanId);
}
