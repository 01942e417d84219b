/** What the jobs in `jobs.ts` do. */

/** Takes what a node with one input packet is sent, and returns what such a node answers. */
export function addOne(
  epochId: string,
  [id]: string[],
  _ports: string[],
  [value]: number[],
): unknown {
  return [false, [[1, id, 0, epochId, 2, epochId, "out", 3, "send", [epochId, "out"]], value! + 1]];
}
