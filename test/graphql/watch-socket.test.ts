import { EventEmitter, once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, test } from "@jest/globals";
import { WebSocket, WebSocketServer } from "ws";
import { mostBufferedBytes, watchSocket } from "../../src/graphql/watch-socket.js";
import { waitUntil } from "../support/wait-until.js";
import { everyone, startGraphql } from "./support/graphql-server.js";

const clock = { nowMs: () => Date.now() };

test("a socket ends with the token it was opened with", async () => {
  const principalOf = () => ({ ...everyone, expiresAtMs: Date.now() + 300 });
  const server = await startGraphql({}, { principalOf });
  const url = await server.app.listen({ port: 0, host: "127.0.0.1" });
  const socket = new WebSocket(`${url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
  await once(socket, "open");
  socket.send('{"type":"connection_init"}');
  const [code, reason] = (await once(socket, "close")) as [number, Buffer];
  expect([code, reason.toString()]).toEqual([4401, "the token has expired: open another socket with a new one"]);
  await server.close();
});

test("a socket whose reader lets too much wait is cut, one that reads is not, and a closed one is left alone", async () => {
  function socketWith(bufferedAmount: number) {
    const events = new EventEmitter();
    const ends: string[] = [];
    const socket = {
      bufferedAmount,
      once: (event: "close", listener: () => void) => events.once(event, listener),
      close: (code: number) => void ends.push(`closed ${code}`),
      terminate: () => void ends.push("cut"),
    };
    watchSocket(socket, { clock, expiresAtMs: undefined, everyMs: 5 });
    return { ends, gone: () => events.emit("close") };
  }
  const [slow, quick, closed] = [mostBufferedBytes + 1, mostBufferedBytes, mostBufferedBytes + 1].map(socketWith);
  closed?.gone();
  await waitUntil("the slow one is cut", () => slow?.ends[0] === "cut");
  expect(quick?.ends).toEqual([]);
  expect(closed?.ends).toEqual([]);
  slow?.gone();
  quick?.gone();
});

test("a real reader that stops reading is cut before more than a few megabytes wait for it", async () => {
  const sockets = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(sockets, "listening");
  const { port } = sockets.address() as AddressInfo;
  const connected = once(sockets, "connection");
  const client = new WebSocket(`ws://127.0.0.1:${port}`);
  await once(client, "open");
  client.pause();
  const [ours] = (await connected) as [WebSocket];
  watchSocket(ours, { clock, expiresAtMs: undefined, everyMs: 10 });
  let mostWaiting = 0;
  const news = setInterval(() => {
    if (ours.readyState === ours.OPEN) ours.send("x".repeat(2 ** 18));
    mostWaiting = Math.max(mostWaiting, ours.bufferedAmount);
  }, 1);
  await once(ours, "close");
  clearInterval(news);
  expect(mostWaiting).toBeGreaterThan(mostBufferedBytes);
  expect(mostWaiting).toBeLessThan(4 * mostBufferedBytes);
  expect(ours.bufferedAmount).toBe(0);
  client.terminate();
  sockets.close();
});

test("a client that begins anew on a socket is asked once who it is, and its subscriptions are counted on", async () => {
  let asked = 0;
  const principalOf = () => {
    asked += 1;
    return everyone;
  };
  const server = await startGraphql({}, { principalOf, options: { subscriptionsPerSocket: 1 } });
  const url = await server.app.listen({ port: 0, host: "127.0.0.1" });
  const socket = new WebSocket(`${url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
  const heard: string[] = [];
  socket.on("message", (data) => void heard.push(String(data)));
  await once(socket, "open");
  const acknowledged = () => heard.filter((text) => text.includes("connection_ack")).length;
  for (const [begun, id] of ["first", "second"].entries()) {
    socket.send('{"type":"connection_init"}');
    await waitUntil("it has begun", () => acknowledged() === begun + 1);
    const payload = { query: "subscription { alertChanged { id } }" };
    socket.send(JSON.stringify({ id, type: "subscribe", payload }));
  }
  await waitUntil("the second is refused", () => heard.some((text) => text.includes("which is the limit")));
  expect(asked).toBe(1);
  socket.close();
  await once(socket, "close");
  await server.close();
});
