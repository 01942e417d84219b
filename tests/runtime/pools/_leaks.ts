/** Finding processes that a test has left behind. */

/** Ids of the living children of this process. */
export function childProcesses(): number[] {
  const children: number[] = [];
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = Deno.readTextFileSync(`/proc/${name}/stat`);
      const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (Number(parent) === Deno.pid && state !== "Z") children.push(Number(name));
    } catch {
      // It has just ended.
    }
  }
  return children;
}

/** Waits until a condition holds. */
export async function until(condition: () => boolean, what: string, seconds = 60): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`Not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Memory that this process holds, in MB. */
export function memory(): number {
  return Deno.memoryUsage().rss / 1_000_000;
}
