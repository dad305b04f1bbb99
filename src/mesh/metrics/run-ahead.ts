/** Who may work on an answer before its slowest question is answered. Called by the metrics reader for graphs. */

let isTaken = false;

/**
 * The turn to run ahead, or null while somebody has it: half an answer about five thousand edges weighs some 20 MB until its quantiles
 * come, so one in the process does it and the others wait. Give the turn back by calling what is returned.
 */
export function takeTurn(): (() => void) | null {
  if (isTaken) return null;
  isTaken = true;
  return () => {
    isTaken = false;
  };
}
