/**
 * Takes traces apart into requests of the service that burns. Every instant of a request belongs to the deepest span active then, so that
 * nothing is counted twice and the pieces add up to the duration. Called by diagnose.ts for every window.
 */
import { type SpanNode, spanTree } from "../mesh/evidence/span-tree.js";
import { type ServiceRef, serviceKey } from "../telemetry/service-ref.js";
import type { OwnedSpan, WeightedTrace } from "./incident-evidence.js";
import type { Call, ErrorOrigin, Key, Request, TimePiece, Visit } from "./request.js";
import { type Behind, behindOf, injectionOf, isTimeout, operationOf, podOf, versionOf } from "./span-facts.js";

/** A node with what its place in the tree says. */
interface Place {
  readonly node: SpanNode;
  readonly span: OwnedSpan;
  readonly owner: Key;
  readonly depth: number;
  readonly parent: Place | null;
  /** Children of other services, earliest first. */
  readonly foreign: Place[];
  readonly behind: Behind | null;
  hasErrorBelow: boolean;
  /** The visit it is part of: of the nearest server's span of its service. */
  visit: Visit | null;
  /** Its time, where that is of one kind throughout. */
  piece: PieceHead | null;
  /** Key of the piece it was last counted in. */
  countedIn: string | null;
}

type PieceHead = Omit<TimePiece, "calls" | "ms">;

/** Learns the references behind the keys it makes. */
export type KeyBook = Map<Key, ServiceRef>;

/** The requests of `service` in a trace (a request is its topmost span there, from its caller's span on); of the whole trace for null. */
export function requestsOf(trace: WeightedTrace, service: ServiceRef | null, book: KeyBook): readonly Request[] {
  const tree = spanTree(trace.spans);
  const wanted = service === null ? null : serviceKey(service);
  const tops = wanted === null ? tree.roots : topmostOf(tree.roots, wanted, book);
  const isRooted = tree.roots.length === 1 && trace.isComplete;
  return tops
    .map((top) => requestOf(trace, top, book, isRooted))
    .filter((request): request is Request => request !== null);
}

function topmostOf(roots: readonly SpanNode[], wanted: Key, book: KeyBook): readonly SpanNode[] {
  const found: SpanNode[] = [];
  const pending: SpanNode[] = [...roots];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (keyOf(node, book) !== wanted) pending.push(...node.children);
    else if (node.parent?.span.kind === "CLIENT") found.push(node.parent);
    else found.push(node);
  }
  return found;
}

function keyOf(node: SpanNode, book: KeyBook): Key | null {
  const { service } = node.span as OwnedSpan;
  if (service === null) return null;
  const key = serviceKey(service);
  if (!book.has(key)) book.set(key, service);
  return key;
}

function requestOf(trace: WeightedTrace, top: SpanNode, book: KeyBook, isRooted: boolean): Request | null {
  const places = placesOf(top, book);
  const [first] = places;
  if (first === undefined) return null;
  markErrors(places);
  const visits = visitsOf(places);
  const durationMs = (top.toUs - top.fromUs) / 1000;
  return {
    traceId: trace.traceId,
    weight: trace.weight,
    entry: entryOf(places),
    durationMs,
    isFailed: first.span.status === "ERROR",
    pieces: piecesOf(places, top.toUs, book),
    origins: originsOf(places, book),
    places: new Set(places.map((place) => errorKey(place))),
    depths: depthsOf(places),
    visits,
    calls: places.flatMap((place) => callOf(place, book)),
    injections: injectionsOf(places),
    isWhole: isRooted && durationMs > 0 && !isHalf(top),
  };
}

/** A call whose caller's span is missing though it names one: the rest of the request is in flight or lost. */
function isHalf({ parent, span }: SpanNode): boolean {
  return parent === null && span.parentSpanId !== null && span.kind === "CLIENT";
}

/** The nodes below `top`, parents before children. */
function placesOf(top: SpanNode, book: KeyBook): readonly Place[] {
  const places: Place[] = [];
  const pending: { node: SpanNode; parent: Place | null }[] = [{ node: top, parent: null }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, parent } = next;
    const owner = keyOf(node, book) ?? parent?.owner;
    const span = node.span as OwnedSpan;
    if (owner === undefined) {
      // Nobody's spans above the first service's are passed through.
      for (const child of node.children) pending.push({ node: child, parent: null });
      continue;
    }
    const place: Place = {
      node,
      span,
      owner,
      depth: (parent?.depth ?? 0) + 1,
      parent,
      foreign: [],
      behind: node.children.length === 0 && span.kind !== "SERVER" ? behindOf(span) : null,
      hasErrorBelow: false,
      visit: null,
      piece: null,
      countedIn: null,
    };
    places.push(place);
    if (parent !== null && parent.owner !== owner) parent.foreign.push(place);
    for (let i = node.children.length - 1; i >= 0; i -= 1) {
      const child = node.children[i];
      if (child !== undefined) pending.push({ node: child, parent: place });
    }
  }
  return places;
}

/** The operation of the first service that is not the one asked, else of the top: a gateway's `/*` tells nothing apart. */
function entryOf(places: readonly Place[]): string {
  const first = places[0];
  const inner = places.find((place) => place.span.kind === "SERVER" && place.owner !== first?.owner) ?? first;
  return inner === undefined ? "" : `${inner.owner}\u0001${operationOf(inner.span)}`;
}

function depthsOf(places: readonly Place[]): ReadonlyMap<Key, number> {
  const depths = new Map<Key, number>();
  for (const { owner, depth } of places) depths.set(owner, Math.min(depths.get(owner) ?? depth, depth));
  return depths;
}

function isServerSide(place: Place): boolean {
  return place.span.kind === "SERVER" || place.span.kind === "CONSUMER";
}

/** Every server's side, and what it was answered. Leaves each place with its visit. */
function visitsOf(places: readonly Place[]): readonly Visit[] {
  const visits: Visit[] = [];
  const answers = new Map<Visit, Key[]>();
  for (const place of places) {
    const { parent, owner } = place;
    if (parent !== null && parent.owner !== owner) {
      const isFailed =
        place.span.status === "ERROR" || (parent.span.kind === "CLIENT" && parent.span.status === "ERROR");
      if (parent.visit !== null && !isFailed) answers.get(parent.visit)?.push(owner);
    } else place.visit = parent?.visit ?? null;
    if (!isServerSide(place)) continue;
    const answeredBy: Key[] = [];
    place.visit = visitOf(place, answeredBy);
    answers.set(place.visit, answeredBy);
    visits.push(place.visit);
  }
  return visits;
}

function visitOf({ span, owner, node }: Place, answeredBy: readonly Key[]): Visit {
  const { fromUs, toUs } = node.parent?.span.kind === "CLIENT" ? node.parent : node;
  return {
    service: owner,
    operation: operationOf(span),
    answeredBy,
    pod: podOf(span),
    version: versionOf(span),
    isError: span.status === "ERROR",
    ms: (toUs - fromUs) / 1000,
  };
}

/** The call a place answers, or the one it made to what has no spans; [] for work within a service. */
function callOf({ node, span, owner, parent, behind }: Place, book: KeyBook): readonly Call[] {
  if (parent !== null && parent.owner !== owner) {
    const isClient = parent.span.kind === "CLIENT";
    const { fromUs, toUs } = isClient ? parent.node : node;
    const isFailed = span.status === "ERROR" || (isClient && parent.span.status === "ERROR");
    return [{ source: parent.owner, destination: owner, external: null, isFailed, ms: (toUs - fromUs) / 1000 }];
  }
  if (behind === null) return [];
  const destination = behind.kind === "SERVICE" ? keep(behind.service, book) : null;
  const external = behind.kind === "EXTERNAL" ? behind.name : null;
  if (destination === owner) return [];
  const ms = (node.toUs - node.fromUs) / 1000;
  return [{ source: owner, destination, external, isFailed: span.status === "ERROR", ms }];
}

/** Gives every instant to the deepest active span: of equally deep ones to a client's, then to the latest. */
function piecesOf(places: readonly Place[], endUs: number, book: KeyBook): readonly TimePiece[] {
  const starts = [...places].sort((a, b) => a.node.fromUs - b.node.fromUs);
  const active: Place[] = [];
  const sums = new Map<string, { piece: PieceHead; us: number; calls: number }>();
  let atUs = starts[0]?.node.fromUs ?? 0;
  let next = 0;
  while (atUs < endUs) {
    for (; next < starts.length && (starts[next]?.node.fromUs ?? 0) <= atUs; next += 1) push(active, starts[next]);
    while (active[0] !== undefined && active[0].node.toUs <= atUs) pop(active);
    const top = active[0];
    const untilUs = Math.min(endUs, top?.node.toUs ?? endUs, starts[next]?.node.fromUs ?? endUs);
    if (top !== undefined) {
      const piece = top.piece ?? pieceAt(top, atUs, book);
      if (top.foreign.length <= 1) top.piece = piece;
      const sum = sums.get(piece.key);
      const isNew = top.countedIn !== piece.key;
      top.countedIn = piece.key;
      if (sum === undefined) sums.set(piece.key, { piece, us: untilUs - atUs, calls: 1 });
      else {
        sum.us += untilUs - atUs;
        if (isNew) sum.calls += 1;
      }
    }
    atUs = untilUs;
  }
  return [...sums.values()].map(({ piece, us, calls }) => ({ ...piece, calls, ms: us / 1000 }));
}

function pieceAt(place: Place, atUs: number, book: KeyBook): PieceHead {
  const { owner, behind, foreign, span } = place;
  if (behind?.kind === "SERVICE") return transit(owner, keep(behind.service, book), "");
  if (behind?.kind === "EXTERNAL")
    return { key: `X${owner}\u0001${behind.name}`, kind: "EXTERNAL", service: owner, peer: null, name: behind.name };
  if (foreign.length > 0) {
    // The gap around a call of another service: the call under way, or without a client's span the caller at work before it.
    const called = foreign.find(({ node }) => node.fromUs >= atUs) ?? foreign[foreign.length - 1];
    if (called !== undefined) return transit(owner, called.owner, operationOf(called.span));
  }
  const name = operationOf(span);
  return { key: `S${owner}\u0001${name}`, kind: "SELF", service: owner, peer: null, name };
}

function transit(from: Key, to: Key, name: string): PieceHead {
  return { key: `T${from}\u0001${to}`, kind: "TRANSIT", service: from, peer: to, name };
}

function keep(service: ServiceRef, book: KeyBook): Key {
  const key = serviceKey(service);
  if (!book.has(key)) book.set(key, service);
  return key;
}

/** Children before parents: which errors have one below. */
function markErrors(places: readonly Place[]): void {
  const byNode = new Map(places.map((place) => [place.node, place]));
  for (let i = places.length - 1; i >= 0; i -= 1) {
    const place = places[i];
    const parent = place?.node.parent;
    const above = parent === null || parent === undefined ? undefined : byNode.get(parent);
    if (place === undefined || above === undefined) continue;
    if (place.span.status === "ERROR" || place.hasErrorBelow) above.hasErrorBelow = true;
  }
}

function errorKey({ owner, span }: Place): string {
  return `E${owner}\u0001${operationOf(span)}`;
}

function originsOf(places: readonly Place[], book: KeyBook): readonly ErrorOrigin[] {
  const found = new Map<string, ErrorOrigin>();
  for (const place of places) {
    if (place.span.status !== "ERROR" || place.hasErrorBelow) continue;
    const { owner, behind, span, foreign } = place;
    const called = behind?.kind === "SERVICE" ? keep(behind.service, book) : (foreign[0]?.owner ?? null);
    const isLost = span.kind === "CLIENT" && called !== null;
    const key = errorKey(place);
    found.set(key, {
      key,
      // A call that never arrived, or whose answer was lost, is first of all the callee's.
      service: isLost && called !== null ? called : owner,
      peer: isLost ? owner : null,
      name: behind?.kind === "EXTERNAL" ? behind.name : operationOf(span),
      isTimeout: isTimeout(span),
      visit: place.visit,
    });
  }
  return [...found.values()];
}

function injectionsOf(places: readonly Place[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { span, owner, foreign } of places) {
    if (span.kind !== "CLIENT") continue;
    const flag = injectionOf(span);
    if (flag === null) continue;
    const behind = behindOf(span);
    const to = foreign[0]?.owner ?? (behind?.kind === "SERVICE" ? serviceKey(behind.service) : null);
    if (to !== null) found.set(`${owner}\u0001${to}`, flag);
  }
  return found;
}

function push(heap: Place[], place: Place | undefined): void {
  if (place === undefined) return;
  heap.push(place);
  for (let at = heap.length - 1; at > 0; ) {
    const up = (at - 1) >> 1;
    if (!isAbove(heap[at], heap[up])) return;
    swap(heap, at, up);
    at = up;
  }
}

function pop(heap: Place[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  heap[0] = last;
  for (let at = 0; ; ) {
    const left = 2 * at + 1;
    const best = [left, left + 1].reduce((found, child) => (isAbove(heap[child], heap[found]) ? child : found), at);
    if (best === at) return;
    swap(heap, at, best);
    at = best;
  }
}

function isAbove(a: Place | undefined, b: Place | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  if (a.depth !== b.depth) return a.depth > b.depth;
  const isClient = (place: Place): number => (place.span.kind === "CLIENT" ? 1 : 0);
  return (isClient(a) - isClient(b) || a.node.fromUs - b.node.fromUs) > 0;
}

function swap(heap: Place[], a: number, b: number): void {
  const one = heap[a];
  const other = heap[b];
  if (one === undefined || other === undefined) return;
  heap[a] = other;
  heap[b] = one;
}
