/** Tiers of burn-rate alerting: pairs of windows with the burn rate that meets them. Source: Google SRE Workbook ch. 5, table 5-8, and reference of Sloth. */
import { formatDuration } from "./format-duration.js";

/** What a tier raises. */
export type Severity = "PAGE" | "TICKET";

/** How long a severity's condition must hold before it fires, and be clear before it ends. */
export interface HoldTimes {
  readonly forMs: number;
  readonly keepFiringMs: number;
}

/** A pair of windows: met when both burn at `factor` or faster. `name` is unique within an objective. */
export interface BurnTier {
  /** Such as `1h/5m`. */
  readonly name: string;
  readonly severity: Severity;
  readonly longMs: number;
  readonly shortMs: number;
  /** Burn rate from which it is met; 1 spends exactly the budget over the period. */
  readonly factor: number;
}

/** A tier before the period is known: the share of the budget that is spent when its long window is full. */
export interface TierShape {
  readonly severity: Severity;
  readonly longMs: number;
  readonly shortMs: number;
  /** 0..1. */
  readonly budgetShare: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Factors 14.4, 6, 3 and 1 over 30 days. */
export const defaultTierShapes: readonly TierShape[] = [
  { severity: "PAGE", longMs: hourMs, shortMs: 5 * minuteMs, budgetShare: 0.02 },
  { severity: "PAGE", longMs: 6 * hourMs, shortMs: 30 * minuteMs, budgetShare: 0.05 },
  { severity: "TICKET", longMs: dayMs, shortMs: 2 * hourMs, budgetShare: 0.1 },
  { severity: "TICKET", longMs: 3 * dayMs, shortMs: 6 * hourMs, budgetShare: 0.1 },
];

/** A page fires after 1 m and ends 10 m after the last sign; a ticket after 15 m and 30 m. */
export const defaultHold: Readonly<Record<Severity, HoldTimes>> = {
  PAGE: { forMs: minuteMs, keepFiringMs: 10 * minuteMs },
  TICKET: { forMs: 15 * minuteMs, keepFiringMs: 30 * minuteMs },
};

/** Failed events in the long window below which one bad call could page. */
export const defaultMinFailedEvents = 5;

/** Burn rate at which `budgetShare` of a period's budget is spent within the long window, without the noise of binary fractions. */
export function tierFactor(budgetShare: number, longMs: number, periodMs: number): number {
  return Number(((budgetShare * periodMs) / longMs).toPrecision(12));
}

/** A tier of a shape, for objectives over this period. */
export function tierOf({ severity, longMs, shortMs, budgetShare }: TierShape, periodMs: number): BurnTier {
  const factor = tierFactor(budgetShare, longMs, periodMs);
  return { name: tierName(longMs, shortMs), severity, longMs, shortMs, factor };
}

/** The usual tiers for a period; those whose long window does not fit into it are left out. */
export function usualTiers(periodMs: number): readonly BurnTier[] {
  return defaultTierShapes.filter(({ longMs }) => longMs < periodMs).map((shape) => tierOf(shape, periodMs));
}

/** `1h/5m`. */
export function tierName(longMs: number, shortMs: number): string {
  return `${formatDuration(longMs)}/${formatDuration(shortMs)}`;
}
