/**
 * Rows of the `grafana` root shared by all viewers: fifty people look at one dashboard, and each asks the same questions within the same
 * 15 s. One of them is worked out, under a deadline of its own, so that a viewer who leaves takes nothing from the others.
 */
import type { GraphQLError } from "graphql";
import type { Clock } from "../telemetry/clock.js";
import type { Visibility } from "../telemetry/visibility.js";

const keepMs = 15_000;
/** Rows kept in all: some 50 MB at most. */
const mostRows = 60_000;

type Row = { readonly status: string };

/** The part of an operation's context that sharing reads and writes. */
export interface SharingContext {
  readonly principal: { readonly visibility: Visibility };
  readonly pillars: { answered: number; dead: number };
  upstreamCalls: number;
  errors: GraphQLError[] | null;
}

/** An answer with what a context was told while it was worked out. */
interface Answer<A> {
  readonly value: A;
  readonly pillars: SharingContext["pillars"];
  readonly errors: readonly GraphQLError[];
}

interface Kept {
  readonly answer: Promise<Answer<unknown>>;
  untilMs: number;
  weight: number;
}

/** The sharing of one server. */
export interface SharedRows<C extends SharingContext> {
  /**
   * The answer to a question, worked out by `compute` in a context of its own, or by another's. What is not whole, as its rows say, is shared
   * with those who wait for it and not kept.
   */
  ask<A>(
    context: C,
    question: readonly unknown[],
    compute: (own: C) => Promise<A>,
    rowsOf: (answer: A) => readonly Row[],
  ): Promise<A>;
}

/** @param ownContext a context that no client's leaving aborts, with the sight of `of` */
export function createSharedRows<C extends SharingContext>(clock: Clock, ownContext: (of: C) => C): SharedRows<C> {
  const kept = new Map<string, Kept>();

  function sweep(): void {
    let weight = 0;
    for (const [key, one] of [...kept].reverse()) {
      weight += one.weight;
      if (one.untilMs <= clock.nowMs() || weight > mostRows) kept.delete(key);
    }
  }

  function find<A>(
    key: string,
    of: C,
    compute: (own: C) => Promise<A>,
    rowsOf: (answer: A) => readonly Row[],
  ): Promise<Answer<A>> {
    const known = kept.get(key);
    // A key names one question, and a question has one kind of answer.
    if (known !== undefined && known.untilMs > clock.nowMs()) return known.answer as Promise<Answer<A>>;
    const own = ownContext(of);
    const answer = compute(own).then((value) => {
      // Whoever was first has its upstream calls in its cost.
      of.upstreamCalls += own.upstreamCalls;
      return { value, pillars: own.pillars, errors: own.errors ?? [] };
    });
    const entry: Kept = { answer, untilMs: Number.POSITIVE_INFINITY, weight: 0 };
    kept.delete(key);
    kept.set(key, entry);
    const drop = () => {
      if (kept.get(key) === entry) kept.delete(key);
    };
    answer.then(({ value, pillars }) => {
      const rows = rowsOf(value);
      const isWhole = pillars.dead === 0 && rows.every(({ status }) => status === "OK");
      if (!isWhole) return drop();
      entry.untilMs = clock.nowMs() + keepMs;
      entry.weight = rows.length + 1;
      sweep();
    }, drop);
    return answer;
  }

  return {
    async ask(context, question, compute, rowsOf) {
      const key = JSON.stringify([sightOf(context.principal.visibility), ...question]);
      const { value, pillars, errors } = await find(key, context, compute, rowsOf);
      context.pillars.answered += pillars.answered;
      context.pillars.dead += pillars.dead;
      if (errors.length > 0) context.errors = [...(context.errors ?? []), ...errors];
      return value;
    },
  };
}

function sightOf({ namespaces }: Visibility): readonly string[] | "all" {
  return namespaces === "all" ? "all" : [...namespaces].sort();
}
