/** Which shards a copy takes and gives back: the rule, without a database. Called by hold-shards.ts with what the leases say now. */

/** How the shards stand, as one copy sees it. */
export interface ShardStanding {
  /** All shards, in order. */
  readonly shards: readonly string[];
  /** Who has which now; one that is not here is free. */
  readonly holders: ReadonlyMap<string, string>;
  /** Copies that live and take shards, in order; without `self` it takes none. */
  readonly members: readonly string[];
  /** Whether the copy that leads leaves shards to their holders. */
  readonly areLeftByLeader: boolean;
  readonly self: string;
}

/** What a copy does about it. */
export interface ShardMoves {
  /** Free ones. */
  readonly take: readonly string[];
  /** Its own ones. */
  readonly giveBack: readonly string[];
}

/**
 * Every copy comes to have as many as any other, or one more, by what each does for itself: one with too many gives back, one with too few
 * takes what is free. Nothing moves once that is so.
 */
export function decideShards({ shards, holders, members, areLeftByLeader, self }: ShardStanding): ShardMoves {
  const own = shards.filter((shard) => holders.get(shard) === self);
  const rank = members.indexOf(self);
  if (!areLeftByLeader || rank < 0) return { take: [], giveBack: own };
  const counts = new Map(members.map((id) => [id, 0]));
  for (const holder of holders.values()) counts.set(holder, (counts.get(holder) ?? 0) + 1);
  const least = Math.floor(shards.length / members.length);
  /** So many copies have one more than the least. */
  const extra = shards.length % members.length;
  const richBefore = members.slice(0, rank).filter((id) => (counts.get(id) ?? 0) > least).length;
  const richOthers = members.filter((id) => id !== self && (counts.get(id) ?? 0) > least).length;
  const kept = richBefore < extra ? least + 1 : least;
  const wanted = richOthers < extra ? least + 1 : least;
  const free = shards.filter((shard) => !holders.has(shard));
  // Each begins elsewhere, so that copies that take at once are not after the same ones.
  const from = Math.floor((rank * free.length) / members.length);
  const inTurn = [...free.slice(from), ...free.slice(0, from)];
  return { take: inTurn.slice(0, Math.max(0, wanted - own.length)), giveBack: own.slice(kept) };
}
