/**
 * Of several copies one leads: it holds a lease, renews it and has a term meanwhile; the others wait for its end. Time is taken from the
 * database, and from a clock of ours that nobody sets. Made by open-alerting.ts where copies share a store.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { CopyFacts, Lease, LeaseStore, ShardStance } from "../../store/lease-store.js";

/** What a copy does while it leads. */
export interface Term {
  close(): Promise<void>;
}

/** How long things take; all of it bounds how long nobody leads after a crash: at most a lease and a try. */
export interface LeaseTimes {
  /** A lease that is not renewed for so long may be taken by another. */
  readonly ttlMs: number;
  readonly renewEveryMs: number;
  readonly tryEveryMs: number;
}

/** What it is made of. */
export interface LeadershipDeps<T extends Term> {
  readonly leases: LeaseStore;
  readonly copy: CopyFacts;
  /** What it does about shards now; left out: it knows of none. */
  readonly shardStance?: () => ShardStance;
  /** Milliseconds of a clock that goes on while the process sleeps and that nobody sets. */
  readonly monotonicMs: () => number;
  /** Begins a term; ended by `close` when the lease was lost, or the copy stops. */
  readonly startTerm: (lease: Lease) => Promise<T>;
  /** None of them may throw. */
  readonly observer: {
    taken(lease: Lease): void;
    /** Another copy leads from now on. */
    lost(lease: Lease): void;
    /** The store failed, or a term could not begin; it is tried again. */
    failed(error: unknown): void;
  };
  readonly times?: LeaseTimes;
}

/** Whether and how a copy leads. */
export interface Leadership<T extends Term> {
  /** Tries once, and lets a term that comes of it begin; then goes on by itself. Never rejects. */
  start(): Promise<void>;
  /** The running term; null while another copy leads. */
  term(): T | null;
  /** Of the last lease that was seen; null before the first. */
  leader(): Lease | null;
  /** Copies that live, this one included. */
  copyCount(): number;
  /** Whether no other copy can have taken the lease yet: false already while that is not known. */
  isSurelyHeld(): boolean;
  /** A write was refused: the term ends. */
  refused(): void;
  /** Looks at once. */
  wake(): void;
  /** Ends the term, gives back the lease. */
  close(): Promise<void>;
}

/** The name of the one lease. */
export const leadLease = "all";

/** Outside of tests. */
export const usualTimes: LeaseTimes = { ttlMs: 8_000, renewEveryMs: 2_000, tryEveryMs: 1_000 };

interface Held<T> {
  readonly lease: Lease;
  surelyUntilMs: number;
  isLost: boolean;
  readonly begun: Promise<unknown>;
  term: T | null;
}

/** A copy that does not lead yet. */
export function createLeadership<T extends Term>(deps: LeadershipDeps<T>): Leadership<T> {
  const { leases, copy, monotonicMs, startTerm, observer, times = usualTimes } = deps;
  const stopping = new AbortController();
  let held: Held<T> | null = null;
  let leader: Lease | null = null;
  let ending: Promise<void> | null = null;
  let copies = 1;
  let isClosing = false;
  let rouse = () => {};
  let running: Promise<void> = Promise.resolve();

  async function turn(): Promise<void> {
    const stance = deps.shardStance?.();
    await leases.live({ ...copy, ...(stance === undefined ? {} : { shards: stance }) }, times.ttlMs);
    copies = (await leases.copies()).length;
    if (held !== null) await renew(held);
    else if (ending === null && !isClosing) await tryToTake();
  }

  async function renew(current: Held<T>): Promise<void> {
    const askedMs = monotonicMs();
    const isOurs = !current.isLost && (await leases.renew(current.lease, times.ttlMs));
    if (isOurs) current.surelyUntilMs = askedMs + times.ttlMs;
    else endTerm(current, true);
  }

  async function tryToTake(): Promise<void> {
    const known = await leases.read(leadLease);
    leader = known ?? leader;
    if (known !== null && known.restMs > 0 && known.holder !== copy.id) return;
    const askedMs = monotonicMs();
    const lease = await leases.take(leadLease, copy.id, times.ttlMs);
    if (lease === null) return;
    leader = lease;
    const current: Held<T> = {
      lease,
      surelyUntilMs: askedMs + times.ttlMs,
      isLost: false,
      term: null,
      begun: Promise.resolve().then(async () => {
        try {
          current.term = await startTerm(lease);
          observer.taken(lease);
        } catch (error) {
          observer.failed(error);
          endTerm(current, false);
        }
      }),
    };
    held = current;
  }

  /** Meanwhile this copy lives on and takes nothing. */
  function endTerm(current: Held<T>, isLost: boolean): void {
    if (held !== current || ending !== null) return;
    current.isLost = true;
    if (isLost) observer.lost(current.lease);
    ending = (async () => {
      if (isLost) await current.begun;
      await current.term?.close();
      // A lease that could not be used is for others.
      if (!isLost) await leases.release(current.lease);
    })()
      .catch((error: unknown) => observer.failed(error))
      .then(() => {
        held = null;
        ending = null;
      });
  }

  async function pause(ms: number): Promise<void> {
    const woken = new AbortController();
    rouse = () => woken.abort();
    await delay(ms, undefined, { signal: AbortSignal.any([woken.signal, stopping.signal]) }).catch(() => {});
  }

  async function once(): Promise<void> {
    try {
      await turn();
    } catch (error) {
      if (!stopping.signal.aborted) observer.failed(error);
    }
  }

  async function goOn(): Promise<void> {
    for (;;) {
      await pause(held === null ? times.tryEveryMs : times.renewEveryMs);
      if (stopping.signal.aborted) return;
      await once();
    }
  }

  return {
    async start() {
      await once();
      running = goOn();
      await held?.begun;
    },
    term: () => (held === null || held.isLost ? null : held.term),
    leader: () => leader,
    copyCount: () => copies,
    isSurelyHeld: () => held !== null && !held.isLost && monotonicMs() < held.surelyUntilMs,
    refused() {
      if (held !== null) held.isLost = true;
      rouse();
    },
    wake: () => rouse(),
    async close() {
      isClosing = true;
      // The lease is renewed until what it was for has ended.
      const current = held;
      await current?.begun;
      await ending;
      if (current !== null && held === current) await current.term?.close();
      stopping.abort();
      await running;
      await ending;
      try {
        if (current !== null && !current.isLost) await leases.release(current.lease);
        await leases.leave(copy.id);
      } catch (error) {
        observer.failed(error);
      }
    },
  };
}

/** The same for a copy that is alone with its store: its term begins at once, ends when it stops, and is never in question. */
export function createSoleLeadership<T extends Term>(startTerm: () => Promise<T>): Leadership<T> {
  let term: T | null = null;
  return {
    async start() {
      term = await startTerm();
    },
    term: () => term,
    leader: () => null,
    copyCount: () => 1,
    isSurelyHeld: () => true,
    refused: () => {},
    wake: () => {},
    close: async () => term?.close(),
  };
}
