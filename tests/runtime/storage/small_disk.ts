/**
 * A disk that is soon full.
 *
 * @module
 */

/** Mounts a file system of 2 MB in memory; false where that cannot be done. */
async function mount(path: string): Promise<boolean> {
  if (Deno.build.os !== "linux") return false;
  const command = new Deno.Command("mount", {
    args: ["-t", "tmpfs", "-o", "size=2m", "tmpfs", path],
    stderr: "null",
  });
  return await command.output().then(({ success }) => success, () => false);
}

const probe = await Deno.makeTempDir();
const canMount = await mount(probe);
if (canMount) await unmount(probe);
await Deno.remove(probe);

/** Declares a test on a disk of 2 MB; without one it is skipped. */
export function withSmallDisk(name: string, test: (disk: string) => Promise<void>): void {
  Deno.test({
    name: canMount ? name : `${name} (skipped: no tmpfs can be mounted)`,
    ignore: !canMount,
    async fn() {
      const disk = await Deno.makeTempDir();
      await mount(disk);
      try {
        await test(disk);
      } finally {
        await unmount(disk);
        await Deno.remove(disk, { recursive: true });
      }
    },
  });
}

/** Gives a small disk more room. */
export async function enlarge(disk: string): Promise<void> {
  await new Deno.Command("mount", { args: ["-o", "remount,size=8m", disk] }).output();
}

async function unmount(disk: string): Promise<void> {
  await new Deno.Command("umount", { args: ["-l", disk] }).output();
}
