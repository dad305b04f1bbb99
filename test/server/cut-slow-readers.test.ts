import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, expect, test } from "@jest/globals";
import Fastify from "fastify";
import { cutSlowReaders } from "../../src/server/cut-slow-readers.js";
import { waitUntil } from "../support/wait-until.js";

const megabytes = 24;
const app = Fastify();
const sockets: Socket[] = [];
let underWay = 0;
let begun = 0;

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await app.close();
});

test("whoever does not read an answer is cut off and its memory free; whoever reads slowly gets all of it", async () => {
  // Long enough that a machine that stands still for a second cuts nobody who reads.
  const patienceMs = 3_000;
  cutSlowReaders(app, patienceMs);
  app.get("/large", async (_request, reply) => {
    underWay += 1;
    begun += 1;
    reply.raw.once("close", () => {
      underWay -= 1;
    });
    return "x".repeat(megabytes * 2 ** 20);
  });
  const port = Number(new URL(await app.listen({ port: 0, host: "127.0.0.1" })).port);
  const ask = async () => {
    const socket = connect(port, "127.0.0.1");
    sockets.push(socket);
    socket.on("error", () => {});
    await once(socket, "connect");
    socket.pause();
    socket.write("GET /large HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    return socket;
  };
  const slow = await ask();
  let [taken, allowed] = [0, 0];
  // A piece at a time, with pauses that are short, but together longer than anybody's patience.
  slow.on("data", (piece) => {
    taken += piece.length;
    if (taken > allowed) slow.pause();
  });
  slow.pause();
  const drip = setInterval(() => {
    allowed += 2 ** 19;
    slow.resume();
  }, patienceMs / 25);
  await Promise.all(Array.from({ length: 4 }, ask));
  await waitUntil("all five are asked", () => begun === 5);
  await waitUntil("the four are cut, and the slow reader has all", () => underWay === 0 && taken > megabytes * 2 ** 20);
  clearInterval(drip);
  expect(sockets.filter((socket) => socket !== slow && socket.bytesRead > megabytes * 2 ** 20)).toEqual([]);
});
