import { fileURLToPath } from "node:url";
import { assert, assertEquals } from "@std/assert";
import { createStudio } from "../../../ui/server.ts";
import { folderWith } from "./_studio.ts";

Deno.test({
  name: "a studio in development builds its page anew when a source changes, and tells open pages",
  // The bundler's helper ends some time after it was told to.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await using folder = await folderWith({});
    await using studio = await createStudio({ root: folder.root, trusted: true, dev: true });
    const { url } = studio.serve({ port: 0 });
    const page = await fetch(url);
    assert((await page.text()).includes('id="studio"'));
    const events = new WebSocket(new URL("/api/v1/events", url.replace("http", "ws")), [
      "netrun.v1",
      `bearer.${studio.token}`,
    ]);
    const told = Promise.withResolvers<unknown>();
    events.onmessage = ({ data }) => told.resolve(JSON.parse(data));
    await new Promise((resolve) => events.onopen = resolve);
    const source = fileURLToPath(new URL("../../../ui/web/icon.svg", import.meta.url));
    await Deno.utime(source, new Date(), new Date());
    assertEquals(await told.promise, { type: "reload" });
    const closed = new Promise((resolve) => events.onclose = resolve);
    events.close();
    await closed;
  },
});
