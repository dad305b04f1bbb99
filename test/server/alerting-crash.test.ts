import { expect, test } from "@jest/globals";
import { serveStory } from "../support/kill-a-server.js";

const minutes = 60;
const mostKills = 4;

test("kill -9 at random moments changes no transition of a server's incidents", async () => {
  const undisturbed = await serveStory(minutes, () => null);
  expect(undisturbed.transitions.length).toBeGreaterThan(4);
  const killedAtTimes = () => {
    let kills = 0;
    return serveStory(minutes, () => {
      kills += 1;
      return kills > mostKills ? null : Math.random() * 150;
    });
  };
  let killed = await killedAtTimes();
  // On a machine that stands still the story may be over before the first kill.
  for (let n = 0; n < 5 && killed.kills === 0; n += 1) killed = await killedAtTimes();
  expect(killed.kills).toBeGreaterThan(0);
  expect(killed.transitions).toEqual(undisturbed.transitions);
});
