/**
 * Who called whom within one trace, and how much of each span its caller waited for. Self time and critical path read this tree.
 * Built from spans as they are stored: parents may be missing, ids shared or circular, clocks skewed, children may outlive parents.
 */

import { groupBy } from "../../telemetry/group-by.js";
import type { Span } from "../../telemetry/trace-source.js";

/** A span in its place. Times are whole µs since the trace's first span, so that sums are exact. */
export interface SpanNode {
  readonly span: Span;
  readonly parent: SpanNode | null;
  /** Earliest start first. */
  readonly children: readonly SpanNode[];
  /**
   * The part of the span within its parent's part (fromUs <= toUs), after clock skew was taken out. A span that outlives its parent is
   * cut there: nobody waited for the rest. A consumer that starts after its producer ended keeps its own time: it was never waited for.
   */
  readonly fromUs: number;
  readonly toUs: number;
}

/** A forest: a whole trace has one root. */
export interface SpanTree {
  /** Earliest start first; spans without a parent, with a missing one, and the first of a circle. */
  readonly roots: readonly SpanNode[];
  /** In order of start. */
  readonly nodes: readonly SpanNode[];
}

interface Draft {
  readonly span: Span;
  readonly startUs: number;
  readonly endUs: number;
  parent: Draft | null;
  readonly children: Draft[];
  shiftUs: number;
  fromUs: number;
  toUs: number;
}

/** Builds the tree; the order of `spans` does not matter. No spans give no roots. */
export function spanTree(spans: readonly Span[]): SpanTree {
  const ordered = [...spans].sort(compareSpans);
  const originMs = ordered[0]?.startMs ?? 0;
  const drafts = ordered.map((span) => draftOf(span, originMs));
  const byId = groupBy(drafts, (draft) => draft.span.spanId);
  for (const draft of drafts) draft.parent = parentOf(draft, byId);
  breakCircles(drafts);
  for (const draft of drafts) draft.parent?.children.push(draft);
  const roots = drafts.filter((draft) => draft.parent === null);
  placeWithinParents(roots);
  return { roots, nodes: drafts };
}

/** Total order of the spans of a trace: start, then longer first (a parent stands before its child), then id and side. */
export function compareSpans(a: Span, b: Span): number {
  return (
    a.startMs - b.startMs ||
    b.durationMs - a.durationMs ||
    compareText(a.spanId, b.spanId) ||
    Number(a.isShared) - Number(b.isShared) ||
    compareText(a.parentSpanId ?? "", b.parentSpanId ?? "") ||
    compareText(`${a.kind} ${a.serviceName} ${a.operation}`, `${b.kind} ${b.serviceName} ${b.operation}`)
  );
}

/** Whether a span names a parent that the trace does not hold. */
export function hasMissingParent(spans: readonly Span[]): boolean {
  const ids = new Set(spans.map((span) => span.spanId));
  return spans.some((span) => span.parentSpanId !== null && !ids.has(span.parentSpanId));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function draftOf(span: Span, originMs: number): Draft {
  const startUs = Math.round((span.startMs - originMs) * 1000);
  // Cut, not rounded, so that no part is longer than the span; the thousandth undoes the noise of 4.691 * 1000.
  const endUs = startUs + Math.max(0, Math.floor(span.durationMs * 1000 + 0.001));
  return { span, startUs, endUs, parent: null, children: [], shiftUs: 0, fromUs: startUs, toUs: endUs };
}

function parentOf(draft: Draft, byId: ReadonlyMap<string, readonly Draft[]>): Draft | null {
  const { span } = draft;
  if (span.isShared) {
    const client = byId.get(span.spanId)?.find((other) => !other.span.isShared);
    if (client !== undefined) return client;
  }
  if (span.parentSpanId === null) return null;
  const candidates = (byId.get(span.parentSpanId) ?? []).filter((other) => other !== draft);
  return best(candidates, (other) => {
    const isServerSide = other.span.isShared ? 4 : 0;
    const isSameService = other.span.serviceName === span.serviceName ? 2 : 0;
    const isRunning = other.startUs <= draft.startUs && draft.startUs <= other.endUs ? 1 : 0;
    return isServerSide + isSameService + isRunning;
  });
}

function best<T>(items: readonly T[], score: (item: T) => number): T | null {
  let found: T | null = null;
  let foundScore = -1;
  for (const item of items) {
    const itemScore = score(item);
    if (itemScore > foundScore) {
      found = item;
      foundScore = itemScore;
    }
  }
  return found;
}

/** Makes the earliest span of each circle of parents a root. */
function breakCircles(drafts: readonly Draft[]): void {
  const order = new Map(drafts.map((draft, index) => [draft, index]));
  const settled = new Set<Draft>();
  for (const draft of drafts) {
    const path = new Set<Draft>();
    let at: Draft | null = draft;
    while (at !== null && !settled.has(at) && !path.has(at)) {
      path.add(at);
      at = at.parent;
    }
    if (at !== null && path.has(at)) {
      let first = at;
      for (let member = at.parent; member !== null && member !== at; member = member.parent) {
        if ((order.get(member) ?? 0) < (order.get(first) ?? 0)) first = member;
      }
      first.parent = null;
    }
    for (const member of path) settled.add(member);
  }
}

function placeWithinParents(roots: readonly Draft[]): void {
  const pending = [...roots];
  for (let draft = pending.pop(); draft !== undefined; draft = pending.pop()) {
    for (const child of draft.children) {
      place(child, draft);
      pending.push(child);
    }
  }
}

function place(child: Draft, parent: Draft): void {
  const parentStartUs = parent.startUs + parent.shiftUs;
  const parentEndUs = parent.endUs + parent.shiftUs;
  child.shiftUs = parent.shiftUs;
  const isDetached = child.span.kind === "CONSUMER" && child.startUs + child.shiftUs >= parentEndUs;
  if (!isDetached) child.shiftUs += skewUs(child, parent, parentStartUs, parentEndUs);
  const startUs = child.startUs + child.shiftUs;
  const endUs = child.endUs + child.shiftUs;
  child.fromUs = isDetached ? startUs : clamp(startUs, parent.fromUs, parent.toUs);
  child.toUs = isDetached ? endUs : clamp(endUs, parent.fromUs, parent.toUs);
}

/**
 * How far the server's clock is moved so that its span lies in the middle of its client's: only where the span starts before the call or
 * after its end, which no true clock shows, and only where it fits.
 */
function skewUs(child: Draft, parent: Draft, parentStartUs: number, parentEndUs: number): number {
  if (parent.span.kind !== "CLIENT" || child.span.kind !== "SERVER") return 0;
  const startUs = child.startUs + child.shiftUs;
  const slackUs = parentEndUs - parentStartUs - (child.endUs - child.startUs);
  const isImpossible = startUs < parentStartUs || startUs > parentEndUs;
  return isImpossible && slackUs >= 0 ? parentStartUs + Math.floor(slackUs / 2) - startUs : 0;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
