/** How much traffic a mesh has over a day. Called by the simulation for each arrival. */

const dayMs = 86_400_000;

/**
 * Traffic at an instant relative to the day's mean, 0.5 to 1.5: lowest after midnight, highest at three in the afternoon, UTC.
 * Its mean over a day is 1.
 */
export function trafficFactor(atMs: number): number {
  const turn = ((atMs % dayMs) / dayMs) * 2 * Math.PI;
  return 1 - 0.45 * Math.cos(turn - 0.5) - 0.1 * Math.cos(2 * turn + 0.6);
}
