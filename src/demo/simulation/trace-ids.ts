/** Ids of simulated requests, in the shapes Envoy gives them: hex of fixed length, and an x-request-id that tells whether it is sampled. */
import type { Random } from "./random.js";

const hexOfTwoBytes = Array.from({ length: 0x10000 }, (_, number) => number.toString(16).padStart(4, "0"));

const low = (number: number): string => hexOfTwoBytes[number & 0xffff] ?? "";
const high = (number: number): string => hexOfTwoBytes[number >>> 16] ?? "";
const eight = (number: number): string => high(number) + low(number);

/** 16 hex digits, never all zero. */
export function drawSpanId(random: Random): string {
  return eight(random.uint32() | 1) + eight(random.uint32());
}

/** 32 hex digits. Envoy gives the root span its lower half. */
export function drawTraceId(random: Random): string {
  return eight(random.uint32() | 1) + eight(random.uint32()) + drawSpanId(random);
}

/** An `x-request-id`: its 15th character says 9 for a sampled request and 4 for another, as Envoy writes it. */
export function drawRequestId(random: Random, isSampled: boolean): string {
  const second = random.uint32();
  const third = random.uint32();
  const mark = isSampled ? "-9" : "-4";
  return `${eight(random.uint32())}-${high(second)}${mark}${low(second).slice(1)}-${"89ab"[third >>> 30]}${low(third).slice(1)}-${eight(random.uint32())}${high(third)}`;
}
