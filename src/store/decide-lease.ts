/** Who may have a lease: the rule, without a database. Called by the repository of leases, which applies it to a locked row. */

/** A lease as it is stored. */
export interface LeaseFacts {
  readonly holder: string;
  /** One more with each taking: what a holder writes is refused once there is a newer one. */
  readonly epoch: number;
  /** By the database's clock, epoch ms; 0 when it was given back. */
  readonly untilMs: number;
}

/** The lease after somebody asks for it; null: another one holds it. `known` is null for one that nobody ever had. */
export function takeLease(
  known: LeaseFacts | null,
  { holder, nowMs, ttlMs }: { readonly holder: string; readonly nowMs: number; readonly ttlMs: number },
): LeaseFacts | null {
  const isHeldByAnother = known !== null && known.untilMs > nowMs && known.holder !== holder;
  // Its own holder asks again when it has forgotten: what it did before is fenced off like another's.
  return isHeldByAnother ? null : { holder, epoch: (known?.epoch ?? 0) + 1, untilMs: nowMs + ttlMs };
}

/** The lease after its holder renewed it; null: it was taken since. One that ended and nobody took goes on. */
export function renewLease(
  known: LeaseFacts | null,
  { holder, epoch, nowMs, ttlMs }: Omit<LeaseFacts, "untilMs"> & { readonly nowMs: number; readonly ttlMs: number },
): LeaseFacts | null {
  return isHolder(known, { holder, epoch }) ? { holder, epoch, untilMs: nowMs + ttlMs } : null;
}

/** Whether nobody took it since: what is written then can be in nobody's way, even when its time is over. */
export function isHolder(
  known: Omit<LeaseFacts, "untilMs"> | null,
  { holder, epoch }: Omit<LeaseFacts, "untilMs">,
): boolean {
  return known !== null && known.epoch === epoch && known.holder === holder;
}

/** Whether whoever leads leaves the work of shards to those who hold them. Given back, nobody leads who could do it. */
export function leavesShards(
  lead: { readonly holder: string; readonly until_ms: number },
  takers: readonly { readonly id: string }[],
): boolean {
  return lead.until_ms === 0 || takers.some(({ id }) => id === lead.holder);
}
