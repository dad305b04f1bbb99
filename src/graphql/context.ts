/** What one operation carries from the first hook to the last resolver: who asks, until when, and what it has cost so far. */
import { GraphQLError } from "graphql";
import type { AlertDesk } from "../alerting/alert-desk.js";
import { errorKinds, type MeshlensError } from "../errors.js";
import type { Mesh, MeshReader, Pillar } from "../mesh/mesh.js";
import type { Clock } from "../telemetry/clock.js";
import type { UpstreamCall } from "../telemetry/source.js";
import { type AlertReads, createAlertReads } from "./alert-reads.js";
import type { GraphqlPrincipal } from "./graphql-deps.js";
import { floorNow, type RangeTerms } from "./range.js";
import type { SharedRows } from "./shared-rows.js";

/** The part of GraphQLResolveInfo that says where an answer goes. */
export interface AnswerPlace {
  readonly path: { readonly prev: AnswerPlace["path"] | undefined; readonly key: string | number };
}

/** One operation. Mercurius adds its own properties beside these; `errors` is one of them, read by it after execution. */
export interface GraphqlContext {
  readonly reader: MeshReader;
  /** Null while no objectives are configured. */
  readonly alerts: AlertReads | null;
  readonly principal: GraphqlPrincipal;
  readonly rangeTerms: RangeTerms;
  readonly startMs: number;
  /** What has not answered by then is given up. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  /** Upstream calls made for this operation, shared ones left out. */
  upstreamCalls: number;
  /** Every upstream call, when the caller may see them and asked to; else null. */
  readonly debugCalls: UpstreamCall[] | null;
  /** Points found before execution; null before that. */
  cost: number | null;
  operationType: "query" | "mutation" | "subscription";
  operationName: string | null;
  /** Names of dead sources that `errors` has an entry for. */
  readonly reportedSources: Set<string>;
  errors: GraphQLError[] | null;
  /** Pillars that answered, and those of which every source is dead. */
  readonly pillars: { answered: number; dead: number };
  /** Whether all that is asked is rows for Grafana, whose plugin sees the HTTP status and nothing else of a failure. */
  isGrafanaOnly: boolean;
  readonly sharedRows: SharedRows<GraphqlContext>;
}

/** What a context is made from. */
export interface ContextTerms {
  readonly mesh: Mesh;
  readonly alerting: AlertDesk | null;
  readonly clock: Clock;
  readonly principal: GraphqlPrincipal;
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
  readonly maxRangeMs: number;
  readonly isDebug: boolean;
  readonly sharedRows: SharedRows<GraphqlContext>;
}

/** A fresh context. Nothing is asked upstream. */
export function createContext(terms: ContextTerms): GraphqlContext {
  const { mesh, alerting, clock, principal, signal, deadlineMs, maxRangeMs, isDebug, sharedRows } = terms;
  const startMs = clock.nowMs();
  const context: GraphqlContext = {
    reader: mesh.reader({
      visibility: principal.visibility,
      signal,
      deadlineMs,
      onUpstreamCall: (call) => {
        if (!call.isShared) context.upstreamCalls += 1;
        context.debugCalls?.push(call);
      },
    }),
    alerts: alerting === null ? null : createAlertReads(alerting, clock),
    principal,
    rangeTerms: { nowMs: floorNow(startMs), maxRangeMs },
    startMs,
    deadlineMs,
    signal,
    upstreamCalls: 0,
    debugCalls: isDebug ? [] : null,
    cost: null,
    operationType: "query",
    operationName: null,
    reportedSources: new Set(),
    errors: null,
    pillars: { answered: 0, dead: 0 },
    isGrafanaOnly: false,
    sharedRows,
  };
  return context;
}

/**
 * The value of a pillar for the field at `place`. Its errors go to the answer's `errors` here, once per dead source in a whole operation
 * however many fields read it: the field itself is null and what stands beside it (`sources`) stays.
 */
export function take<T>(context: GraphqlContext, place: AnswerPlace, pillar: Pillar<T>): T | null {
  if (pillar.value !== null) context.pillars.answered += 1;
  else if (pillar.errors.length > 0) context.pillars.dead += 1;
  for (const error of pillar.errors) report(context, place, error);
  return pillar.value;
}

function report(context: GraphqlContext, place: AnswerPlace, error: MeshlensError): void {
  const source = error.details.source ?? error.message;
  if (context.reportedSources.has(source)) return;
  context.reportedSources.add(source);
  const path: (string | number)[] = [];
  for (let at: AnswerPlace["path"] | undefined = place.path; at !== undefined; at = at.prev) path.unshift(at.key);
  const entry = new GraphQLError(error.message, {
    path,
    originalError: error,
    extensions: { code: errorKinds[error.code].graphql },
  });
  context.errors = [...(context.errors ?? []), entry];
}
