/** Layer-4 and security facts of one edge from its counted rows. Pure. */
import type { EdgeTraffic } from "../mesh.js";
import { responseFlags } from "../response-flags.js";
import type { PlacedRow } from "./measure-table.js";

/** Rows of one edge: its callers' and its server's view of requests, and its TCP counters. */
export interface EdgeRows {
  readonly callers: readonly PlacedRow[];
  readonly server: readonly PlacedRow[];
  readonly traffic: readonly PlacedRow[];
}

/** The facts; every one that no row tells is null. */
export function edgeTraffic(rows: EdgeRows, seconds: number): EdgeTraffic {
  const opened = sum(rows.traffic, (row) => row.role === "opened");
  const failed = sum(rows.traffic, (row) => row.role === "closed" && isConnectionFailure(row.row.flags));
  return {
    connectionsPerSecond: perSecond(opened, seconds),
    connectionErrorRatio: opened === null || opened === 0 ? null : Math.min(1, (failed ?? 0) / opened),
    sentBytesPerSecond: perSecond(
      sum(rows.traffic, (row) => row.role === "sent"),
      seconds,
    ),
    receivedBytesPerSecond: perSecond(
      sum(rows.traffic, (row) => row.role === "received"),
      seconds,
    ),
    mutualTlsRatio: mutualTlsRatio(rows),
    retryRatio: retryRatio(rows),
  };
}

/** Calls (or opened connections) of an edge over the window; how edges are ranked and idle ones found. */
export function edgeVolume({ callers, server, traffic }: EdgeRows): number {
  const calls = (sum(callers, isCall) ?? 0) + (sum(server, isCall) ?? 0);
  // Bytes of a long connection that neither opened nor closed in the window count as one connection.
  const connections = sum(traffic, (row) => row.role === "opened" || row.role === "closed") ?? 0;
  const bytes = sum(traffic, (row) => row.role === "sent" || row.role === "received") ?? 0;
  return calls + connections + (bytes > 0 ? 1 : 0);
}

function retryRatio({ callers, server }: EdgeRows): number | null {
  // Attempts and calls are two views only where both ends have a proxy.
  if (!callers.some(({ row }) => row.reporter === "SOURCE")) return null;
  const calls = sum(callers, isCall);
  const attempts = sum(server, isCall);
  return calls === null || attempts === null || calls === 0 || attempts === 0
    ? null
    : Math.max(0, (attempts - calls) / calls);
}

function mutualTlsRatio({ callers, server, traffic }: EdgeRows): number | null {
  const witnesses = [
    ...server,
    ...callers.filter(({ row }) => row.reporter === "WAYPOINT"),
    ...traffic.filter((row) => row.role === "secured"),
  ].filter(({ row }) => row.isMutualTls !== null);
  const all = sum(witnesses, () => true);
  const secured = sum(witnesses, ({ row }) => row.isMutualTls === true) ?? 0;
  return all === null || all === 0 ? null : secured / all;
}

function isCall(row: PlacedRow): boolean {
  return row.role === "calls";
}

/** Whether a connection was closed by a failure, not by either end. */
export function isConnectionFailure(flags: readonly string[]): boolean {
  // DC is how a client ends a connection.
  return flags.some((flag) => flag !== "DC" && (flag === "DENY" || (responseFlags[flag]?.cause ?? null) !== null));
}

function sum(rows: readonly PlacedRow[], keep: (row: PlacedRow) => boolean): number | null {
  let total: number | null = null;
  for (const row of rows) {
    const value = keep(row) ? (row.values[0] ?? null) : null;
    if (value !== null) total = (total ?? 0) + value;
  }
  return total;
}

function perSecond(count: number | null, seconds: number): number | null {
  return count === null ? null : count / seconds;
}
