/** The real backends a demo feeds, opened and ended together. */

import { createHttpClient } from "../../http/create-http-client.js";
import type { Clock } from "../../telemetry/clock.js";
import type { TelemetryTaker } from "../create-demo.js";
import { createFeed } from "./create-feed.js";
import type { FeedKind } from "./feed-forms.js";

/** All of them. */
export interface DemoFeeds {
  readonly takers: readonly TelemetryTaker[];
  /** How each is, where that is known. */
  sentences(): readonly string[];
  /** Calls back whenever one begins to take or to refuse. */
  onChange(listener: () => void): void;
  stop(): Promise<void>;
}

/** Opens them; nothing is posted before there is telemetry. */
export function openFeeds(
  wanted: readonly { readonly kind: FeedKind; readonly url: string }[],
  clock: Clock,
): DemoFeeds {
  let changed: () => void = () => undefined;
  const feeds = wanted.map(({ kind, url }) =>
    createFeed({
      kind,
      url,
      http: createHttpClient({ name: kind, url }, { clock }),
      clock,
      onChange: () => changed(),
    }),
  );
  return {
    takers: feeds,
    sentences: () => feeds.flatMap((feed) => feed.state()?.sentence ?? []),
    onChange(listener) {
      changed = listener;
    },
    async stop() {
      await Promise.all(feeds.map((feed) => feed.stop()));
    },
  };
}
