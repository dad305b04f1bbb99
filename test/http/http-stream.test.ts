import type http from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { isMeshlensError } from "../../src/errors.js";
import { createHttpClient } from "../../src/http/create-http-client.js";
import type { HttpStream, StreamingHttpClient } from "../../src/http/http-client.js";
import { systemClock } from "../../src/telemetry/clock.js";
import { type FaultServer, startFaultServer } from "../support/fault-server.js";
import { waitUntil } from "../support/wait-until.js";

let server: FaultServer;
let client: StreamingHttpClient;
let held: http.ServerResponse[] = [];

beforeEach(async () => {
  server = await startFaultServer();
  held = [];
  server.behave({
    kind: "handler",
    handle: (_, response) => {
      response.writeHead(200).flushHeaders();
      held.push(response);
    },
  });
  client = clientWith(20_000);
});
afterEach(async () => {
  await client.close();
  await server.close();
});

function clientWith(timeoutMs: number): StreamingHttpClient {
  return createHttpClient({ name: "kube", url: server.url, timeoutMs, maxConcurrent: 1 }, { clock: systemClock });
}

const request = { method: "GET", path: "/watch", operation: "watch" } as const;
const open = (signal = new AbortController().signal, asker = client) =>
  asker.stream(request, { signal, deadlineMs: Date.now() + 20_000 });

/** Opened however often the machine stands still for longer than the client's patience. */
async function openAtLast(asker: StreamingHttpClient): Promise<HttpStream> {
  try {
    return await open(undefined, asker);
  } catch (error) {
    if (isMeshlensError(error) && error.code === "MESHLENS_ERR_SOURCE_TIMEOUT") return openAtLast(asker);
    throw error;
  }
}

async function textOf({ chunks }: HttpStream): Promise<string> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString();
}

describe("a stream", () => {
  test("brings what comes until the backend ends it, for longer than any call may take", async () => {
    const hasty = clientWith(300);
    const text = textOf(await openAtLast(hasty));
    held.at(-1)?.write("one ");
    await new Promise((resolve) => setTimeout(resolve, 400));
    held.at(-1)?.end("two");
    expect(await text).toBe("one two");
    await hasty.close();
  });

  test("takes none of the places of calls", async () => {
    await Promise.all([open(), open()]);
    server.behave({ kind: "answer", body: "{}" });
    const answer = await client.request(request, {
      signal: new AbortController().signal,
      deadlineMs: Date.now() + 9_000,
    });
    expect(answer.status).toBe(200);
  });

  test("that breaks is unreachable, one the caller leaves is aborted, one that is closed just ends", async () => {
    const broken = textOf(await open());
    held[0]?.socket?.resetAndDestroy();
    await expect(broken).rejects.toMatchObject({ code: "MESHLENS_ERR_SOURCE_UNREACHABLE" });

    const leaving = new AbortController();
    const left = textOf(await open(leaving.signal));
    leaving.abort();
    await expect(left).rejects.toMatchObject({ code: "MESHLENS_ERR_SOURCE_ABORTED" });

    const stream = await open();
    const closed = textOf(stream);
    stream.close();
    expect(await closed).toBe("");
    await waitUntil("no connection left", () => server.openSockets() === 0);
  });

  test("ends with its client", async () => {
    const text = textOf(await open());
    await client.close();
    await expect(text).rejects.toMatchObject({ code: "MESHLENS_ERR_SOURCE_ABORTED" });
  });

  test("that does not begin in time, or begins with a refusal, is an error as of any call", async () => {
    server.behave({ kind: "silence" });
    const hasty = clientWith(300);
    await expect(open(undefined, hasty)).rejects.toMatchObject({ code: "MESHLENS_ERR_SOURCE_TIMEOUT" });
    await hasty.close();
    server.behave({ kind: "answer", status: 429, headers: { "retry-after": "0" }, body: "" });
    await expect(open()).rejects.toMatchObject({ code: "MESHLENS_ERR_SOURCE_RATE_LIMITED" });
  });
});
