import { expect, test } from "@jest/globals";
import { serveStory } from "../support/kill-a-server.js";

const minutes = 60;
const mostKills = 4;

test("kill -9 at random moments changes no transition of a server's incidents", async () => {
  const undisturbed = await serveStory(minutes, () => null);
  expect(undisturbed.transitions.length).toBeGreaterThan(4);
  let kills = 0;
  const killed = await serveStory(minutes, () => {
    kills += 1;
    return kills > mostKills ? null : Math.random() * 150;
  });
  expect(killed.kills).toBeGreaterThan(0);
  expect(killed.transitions).toEqual(undisturbed.transitions);
}, 120_000);
