/** Whether copies that were disturbed said and stored what an undisturbed server does. Used by the real suite and the soak script. */
import type { CopiesStory } from "./copies-story.js";

/** What Slack is told of an incident: its anchor, which ends resolved, what was found, and its end. Each once. */
const wholeStory = "anchor RESOLVED, evidence, resolved";

/** Whether an incident was told from its beginning to its end, each thing once. */
export const isToldWhole = (told: string): boolean => told === wholeStory;

/** What is wrong, in words; empty when nothing is. */
export function judgeCopies(
  { transitions, told, unsent }: Pick<CopiesStory, "transitions" | "told" | "unsent">,
  expected: readonly string[],
): readonly string[] {
  const lost = expected.filter((one) => !transitions.includes(one)).map((one) => `lost: ${one}`);
  const added = transitions.filter((one) => !expected.includes(one)).map((one) => `not in the undisturbed run: ${one}`);
  const odd = told.flatMap((one, at) => (isToldWhole(one) ? [] : [`incident ${at + 1} was told as: ${one}`]));
  return [...lost, ...added, ...odd, ...unsent.map((one) => `not sent: ${one}`)];
}
