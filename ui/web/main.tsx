/**
 * The page of the studio.
 *
 * @module
 */
// @ts-types="@types/react-dom/client"
import { createRoot } from "react-dom/client";
import { callPlain, goWithoutServer, isWithoutServer, listen, takeToken } from "./api.ts";
import { App } from "./app.tsx";
import { keepDrafts } from "./drafts.ts";
import { sayError, select, studio, update } from "./studio.ts";
import { fileChanged, openFile, restoreDrafts } from "./tabs.ts";
import "@xyflow/react/dist/base.css";
import "./base.css";
import "./shell.css";
import "./middle.css";
import "./node.css";
import "./canvas.css";
import "./overlays.css";
import "./inspector.css";
import "./form.css";

interface Config {
  root: string;
  initial_file: string | null;
  trusted: boolean;
  read_only: boolean;
}

createRoot(document.getElementById("studio")!).render(<App />);
await start();

async function start(): Promise<void> {
  if (takeToken() === undefined) {
    if (!await isWithoutServer()) return update({ phase: "locked" });
    return await startAlone();
  }
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
        if (event.type === "reload") reloadPage();
        if (event.type === "file_changed") {
          fileChanged(`${event.path}`, event.etag as string | null);
        }
      },
      (isConnected) => update({ isConnected }),
    );
    loadForms();
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

/** The schemas are large, and nothing needs them to show a graph. */
async function loadForms(): Promise<void> {
  const { schemaForms } = await import("./schema_forms.ts");
  update({ forms: schemaForms() });
}

/** Goes on without a server. */
async function startAlone(): Promise<void> {
  const { answerWithoutServer } = await import("./without_server.ts");
  goWithoutServer(answerWithoutServer);
  update({ phase: "ready", isAlone: true });
  loadForms();
  await restoreDrafts();
}

/** The studio itself was built anew; unsaved changes come back as drafts. */
function reloadPage(): void {
  keepDrafts();
  // Nothing is lost, so nothing has to be asked.
  addEventListener("beforeunload", (event) => event.stopImmediatePropagation(), { capture: true });
  location.reload();
}
