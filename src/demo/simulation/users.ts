/** Who uses the simulated mesh and with what. Called by the simulation once per request. */
import { pick, type Random } from "./random.js";

// Bookinfo's own guide logs in as jason; he is the one its faults are made for.
const jasonShare = 0.3;
const loggedInShare = 0.6;
const otherUsers = ["amira", "bela", "chen", "dora", "elif"];
const userAgents = [
  "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
];

/** `end-user` of a request: 60 % of the requests are logged in, three in ten of those are jason's; null for nobody. */
export function drawUser(random: Random): string | null {
  if (random.next() >= loggedInShare) return null;
  return random.next() < jasonShare ? "jason" : pick(random, otherUsers);
}

/** A browser's `user-agent`. */
export function drawUserAgent(random: Random): string {
  return pick(random, userAgents);
}
