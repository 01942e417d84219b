/**
 * The page of the studio.
 *
 * @module
 */
// @ts-types="@types/react-dom/client"
import { createRoot } from "react-dom/client";
import { callPlain, listen, takeToken } from "./api.ts";
import { App } from "./app.tsx";
import {
  fileChanged,
  openFile,
  restoreDrafts,
  sayError,
  select,
  studio,
  update,
} from "./studio.ts";
import "@xyflow/react/dist/base.css";
import "./studio.css";

interface Config {
  root: string;
  initial_file: string | null;
  trusted: boolean;
  read_only: boolean;
}

createRoot(document.getElementById("studio")!).render(<App />);
await start();

async function start(): Promise<void> {
  if (takeToken() === undefined) return update({ phase: "locked" });
  try {
    const config = await callPlain<Config>("/config");
    update({
      root: config.root,
      isTrusted: config.trusted,
      isReadOnly: config.read_only,
      phase: "ready",
    });
    listen(
      (event) => {
        if (event.type === "file_changed") {
          fileChanged(`${event.path}`, event.etag as string | null);
        }
      },
      (isConnected) => update({ isConnected }),
    );
    // The schemas are large, and nothing needs them to show a graph.
    import("../../runtime/schema/field_list.ts").then(({ describeObjects }) =>
      update({ fields: new Map(describeObjects().map(({ name, fields }) => [name, fields])) })
    );
    await restoreDrafts();
    const query = new URLSearchParams(location.search);
    const file = query.get("file") ?? (studio().tabs.length === 0 ? config.initial_file : null);
    if (file !== null) await openFile(file);
    const node = query.get("node");
    if (node !== null) select([node]);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "unauthorized") {
      return update({ phase: "locked" });
    }
    update({ phase: "ready", isConnected: false });
    sayError(error);
  }
}
