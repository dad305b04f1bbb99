/**
 * The Bookinfo story as a real API server (1.34) told it, over kube-time-proxy.ts: answers by path, and the lines of watches by the step
 * of the story. Recorded by `RECORD_KUBERNETES=1 npm run test:real -- real/kubernetes -t "source of workloads"`; replayed without a server.
 */
import http from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { repositoryRoot } from "./repository-root.js";
import type { StoryTeller } from "./tell-story.js";

/** What was recorded. */
export interface KubeRecording {
  readonly answers: Record<string, { readonly status: number; readonly body: string }>;
  readonly lines: { readonly step: number; readonly path: string; readonly line: string }[];
}

/** The committed recording. */
export const kubeRecordingFile = join(repositoryRoot, "test/fixtures/kubernetes-1.34/bookinfo.json");

/** Pages are not recorded: a list is one. */
export const recordedPageObjects = 500;

/** A server that answers as recorded; as a teller it plays the next step, whatever it is handed. */
export interface KubeReplay extends StoryTeller {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts on a free loopback port. */
export async function startKubeReplay({ answers, lines }: KubeRecording): Promise<KubeReplay> {
  const watches = new Map<string, http.ServerResponse>();
  let step = 0;
  const waiting = [...lines];
  /** A line waits for its watch: a client opens it in its own time after its list, and is told then what happened since. */
  const tell = () => {
    for (const one of waiting.splice(0)) {
      const watch = one.step <= step ? watches.get(one.path) : undefined;
      if (watch === undefined) waiting.push(one);
      else watch.write(`${one.line}\n`);
    }
  };
  const server = http.createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://kube");
    if (searchParams.get("watch") === "1") {
      response.writeHead(200).flushHeaders();
      watches.set(pathname, response);
      return tell();
    }
    const { status, body } = answers[pathname] ?? { status: 500, body: "not recorded" };
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const next = () => {
    step += 1;
    tell();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    // What was there first is in the lists.
    put: (_, isFirst) => (isFirst ? undefined : next()),
    remove: next,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
