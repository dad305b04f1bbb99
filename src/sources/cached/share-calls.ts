/** One method of a source behind a shared flight; tells `debug` which calls were shared. The three cached-*-source files use it. */
import type { SharedFlight } from "../../http/shared-flight.js";
import type { CallOptions, UpstreamCall } from "../../telemetry/source.js";

/** Answers of one method with the upstream calls that made them. */
export interface Recorded<T> {
  readonly value: T;
  readonly calls: readonly UpstreamCall[];
}

/** Told about each answer: `own` went upstream, `joined` and `kept` did not. */
export type OnShared = (source: string, origin: "own" | "joined" | "kept") => void;

/**
 * Asks through the flight; `key` must hold everything the answer depends on.
 * @param load asks the real source with the options it is given
 */
export async function shareCalls<T>(
  flight: SharedFlight<Recorded<T>>,
  key: string,
  options: CallOptions,
  load: (options: CallOptions) => Promise<T>,
): Promise<{ readonly value: T; readonly origin: "own" | "joined" | "kept" }> {
  const { value, origin } = await flight.get(key, options, async (own) => {
    const calls: UpstreamCall[] = [];
    // The first caller sees its calls as they happen, also those of a call that fails.
    const onUpstreamCall = (call: UpstreamCall) => {
      calls.push(call);
      options.onUpstreamCall?.(call);
    };
    const urgency = options.isUrgent === undefined ? {} : { isUrgent: options.isUrgent };
    return { value: await load({ ...own, ...urgency, onUpstreamCall }), calls };
  });
  if (origin !== "own") for (const call of value.calls) options.onUpstreamCall?.({ ...call, isShared: true });
  return { value: value.value, origin };
}
