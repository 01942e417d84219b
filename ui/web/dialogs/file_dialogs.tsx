/**
 * Dialogs about files: saving as, closing, and changes by others.
 *
 * @module
 */
// @ts-types="@types/react"
import { useEffect, useState } from "react";
import { asObject } from "../../../runtime/tools/raw_net.ts";
import { writeJson } from "../../../runtime/schema/text/write_json.ts";
import { call } from "../api.ts";
import { Difference } from "../difference.tsx";
import { PathField } from "../form/path_field.tsx";
import { closeDialog, Modal } from "../modal.tsx";
import { activeTab, sayError, studio, type Tab, update, updateTab } from "../studio.ts";
import { closeTab, reload, save } from "../tabs.ts";

/** Asks for the path of a file. */
export function SaveAs() {
  const tab = activeTab();
  const [path, setPath] = useState(tab?.path ?? "net.netrun.json");
  return (
    <Modal title="Save as">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save({ path: path.trim() });
        }}
      >
        <h2>Save as</h2>
        <PathField path={path} set={setPath} />
        <p className="dim">The ending decides the format: .netrun.json or .netrun.toml</p>
        <div className="buttons end">
          <button type="button" onClick={closeDialog}>Cancel</button>
          <button type="submit" className="primary">Save</button>
        </div>
      </form>
    </Modal>
  );
}

/** Asks what becomes of changes. */
export function CloseGuard({ tab }: { tab: number }) {
  const name = studio().tabs.find(({ id }) => id === tab)?.path ?? "This net";
  return (
    <Modal title="Unsaved changes">
      <h2>Unsaved changes</h2>
      <p>{name} has changes that are not in its file.</p>
      <div className="buttons end">
        <button type="button" autoFocus onClick={closeDialog}>Keep open</button>
        <button type="button" className="danger" onClick={() => closeTab(tab, true)}>
          Discard
        </button>
        <button
          type="button"
          className="primary"
          onClick={async () => {
            update({ active: tab });
            await save();
            if (studio().dialog === undefined) closeTab(tab);
          }}
        >
          Save
        </button>
      </div>
    </Modal>
  );
}

/** Tells that a file changed on the disk, when it was to be written. */
export function Conflict({ message }: { message: string }) {
  const tab = activeTab();
  return (
    <Modal title="The file is another one by now">
      <h2>The file is another one by now</h2>
      <p>{message}. Nothing was written.</p>
      <div className="buttons end">
        <button type="button" autoFocus onClick={closeDialog}>Cancel</button>
        <button
          type="button"
          onClick={() => tab && update({ dialog: { kind: "compare", tab: tab.id } })}
        >
          Compare
        </button>
        <button type="button" onClick={() => tab && reload(tab.id)}>Reload the file</button>
        <button type="button" className="danger" onClick={() => save({ overwrites: true })}>
          Overwrite
        </button>
      </div>
    </Modal>
  );
}

/** Shows how a file differs from what is edited here. */
export function Compare({ tab: id }: { tab: number }) {
  const tab = studio().tabs.find((tab) => tab.id === id);
  const [texts, setTexts] = useState<{ disk: string; here: string }>();
  useEffect(() => {
    if (tab) {
      textsOf(tab).then(setTexts, (error) => {
        closeDialog();
        sayError(error);
      });
    }
  }, []);
  if (!tab) return null;
  return (
    <Modal title="Compare with the file" wide>
      <h2>Compare with the file</h2>
      <p className="dim">
        Lines with − are only in {tab.path}, lines with + only here.
      </p>
      {texts
        ? <Difference before={texts.disk} after={texts.here} />
        : <p className="dim">Reading the file…</p>}
      <div className="buttons end">
        <button type="button" onClick={() => reload(id)}>Reload the file</button>
        <button
          type="button"
          className="danger"
          onClick={() => {
            update({ active: id });
            save({ overwrites: true });
          }}
        >
          Overwrite
        </button>
        <button
          type="button"
          autoFocus
          className="primary"
          onClick={() => {
            updateTab(id, { isStale: false });
            closeDialog();
          }}
        >
          Keep these changes
        </button>
      </div>
    </Modal>
  );
}

/** The document on the disk and here, both written in one way, in the format of the file. */
async function textsOf({ path, history }: Tab): Promise<{ disk: string; here: string }> {
  const answer = await call("/files/read", { path });
  const written = async (document: unknown): Promise<string> => {
    const text = writeJson(document, "  ");
    if (answer.get("format") !== "toml") return text;
    const converted = await call("/files/convert", {
      content: text,
      from_format: "json",
      to_format: "toml",
    });
    return `${converted.get("content")}`;
  };
  return {
    disk: await written(asObject(answer.get("document"))!),
    here: await written(history.data),
  };
}
