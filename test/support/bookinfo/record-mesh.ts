/** Plays the story: pages of Bookinfo, one every 2 s, through six minutes of health, an abort, a delay, a black hole and recovery. */
import { recordPage, type Trouble } from "./record-page.js";
import type { ApplicationLine, Call, Connection, Recording } from "./recording.js";
import { createSeededRandom } from "./seeded-random.js";
import { pageEveryMs, timeline } from "./timeline.js";
import { gateway, reviewsV1, reviewsV2, reviewsV3, type Workload } from "./workloads.js";

const seed = 20260302;
const usPerMs = 1000;

/** Pages with a peculiarity of their traces, counted from the start of the range. */
const sharedSpanPage = 3;
const missingParentPage = 5;
const shortTraceIdPage = 7;
/** Every so many pages somebody asks the gateway for a path that has no route. */
const unroutedEvery = 40;

/** The whole recording; the same in every run. */
export function recordMesh(): Recording {
  const random = createSeededRandom(seed);
  const calls: Call[] = [];
  const connections: Connection[] = [];
  const lines: ApplicationLine[] = [];
  const traceIdOfPage = new Map<number, string>();
  const firstPageIn = new Map<Trouble, number>();
  for (
    let startMs: number = timeline.warmUpMs, page = 0;
    startMs < timeline.toMs - pageEveryMs;
    startMs += pageEveryMs
  ) {
    if (startMs >= timeline.warmUpEndMs && startMs < timeline.fromMs) continue;
    const index = startMs < timeline.fromMs ? -1 : page++;
    const turn = Math.round(startMs / pageEveryMs);
    const trouble = troubleAt(startMs, turn);
    const reviews = reviewsFor(startMs, turn, trouble);
    if (index >= 0 && reviews === reviewsV2 && !firstPageIn.has(trouble)) firstPageIn.set(trouble, index);
    const recorded = recordPage(random, {
      startUs: startMs * usPerMs + random.between(100_000, 900_000),
      reviews,
      trouble,
      sharesSpans: index === sharedSpanPage,
      traceIdDigits: index === shortTraceIdPage ? 16 : 32,
    });
    traceIdOfPage.set(index, recorded.calls[0]?.traceId ?? "");
    calls.push(...recorded.calls);
    connections.push(...recorded.connections);
    if (index >= 0) lines.push(...recorded.lines);
    if (index >= 0 && index % unroutedEvery === unroutedEvery - 1)
      calls.push(unrouted(random, startMs * usPerMs + 950_000));
  }
  const traceOf = (page: number | undefined) => traceIdOfPage.get(page ?? -1) ?? "";
  return {
    calls,
    connections,
    lines,
    cases: {
      sharedSpan: traceOf(sharedSpanPage),
      missingParent: traceOf(missingParentPage),
      shortTraceId: traceOf(shortTraceIdPage),
      abort: traceOf(firstPageIn.get("abort")),
      callerGaveUp: traceOf(firstPageIn.get("delay")),
      blackHole: traceOf(firstPageIn.get("blackHole")),
    },
  };
}

function troubleAt(startMs: number, turn: number): Trouble {
  if (startMs < timeline.abortMs || startMs >= timeline.recoveryMs) return "none";
  if (startMs < timeline.delayMs) return "abort";
  // Only jason is delayed: every other page.
  if (startMs < timeline.blackHoleMs) return turn % 2 === 0 ? "delay" : "none";
  return "blackHole";
}

function reviewsFor(startMs: number, turn: number, trouble: Trouble): Workload {
  if (trouble === "delay") return reviewsV2;
  const alive = startMs < timeline.recoveryMs ? [reviewsV1, reviewsV2, reviewsV3] : [reviewsV2, reviewsV3];
  return alive[turn % alive.length] ?? reviewsV3;
}

/** A request of the gateway that no route matches: it has no service, no destination and no other proxy. */
function unrouted(random: ReturnType<typeof createSeededRandom>, startUs: number): Call {
  const spanId = random.hex(16);
  return {
    traceId: random.hex(32),
    requestId: random.uuid(),
    source: gateway,
    service: null,
    destination: null,
    path: "/wp-login.php",
    responseBytes: 0,
    client: { startUs, durationUs: random.between(40, 90), code: 404, flags: "NR", codeDetails: "route_not_found" },
    server: null,
    parentSpanId: null,
    clientSpanId: spanId,
    serverSpanId: spanId,
  };
}
