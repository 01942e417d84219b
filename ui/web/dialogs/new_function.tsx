/**
 * A function that is not written yet: its stub goes to a module, its node on the canvas.
 *
 * @module
 */
// @ts-types="@types/react"
import { useState } from "react";
import { addNode } from "../../model/edit_nodes.ts";
import { callPlain } from "../api.ts";
import { addAtCenter } from "../commands/node_commands.ts";
import { projectFolder } from "../factory_info.ts";
import { activeTab, say, studio } from "../studio.ts";
import { closeDialog, Modal } from "../modal.tsx";

/** Asks for module and name. */
export function NewFunction() {
  const tab = activeTab();
  const [module, setModule] = useState("steps.ts");
  const [name, setName] = useState("");
  const [error, setError] = useState<string>();
  const { isTrusted, isReadOnly } = studio();
  if (!tab) return null;
  const create = async () => {
    setError(undefined);
    try {
      const { ref } = await callPlain<{ ref: string }>("/functions/new", {
        module: module.trim(),
        name: name.trim(),
        project_root: projectFolder(tab),
      });
      closeDialog();
      addAtCenter(`Add ${name}`, (draft, graph, place) =>
        addNode(draft, graph, place, {
          factory: "netrun.node_factories.function",
          args: new Map([["func", ref]]),
          name: name.trim(),
        }));
      await openSource(ref);
    } catch (error) {
      setError(error instanceof Error ? error.message : `${error}`);
    }
  };
  return (
    <Modal title="New function">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          create();
        }}
      >
        <h2>New function</h2>
        <p className="dim">
          A function is a node: its parameters are the input ports, its result leaves by the output
          port. A first version is written at the end of the module.
        </p>
        <label className="field">
          Name
          <input
            autoFocus
            value={name}
            placeholder="cleanRows"
            spellCheck={false}
            onChange={({ target }) => setName(target.value)}
          />
        </label>
        <label className="field">
          Module
          <input
            value={module}
            spellCheck={false}
            onChange={({ target }) => setModule(target.value)}
          />
        </label>
        {(!isTrusted || isReadOnly) && (
          <p className="warning">
            {isReadOnly ? "This studio is read-only." : "Trust this folder to write code in it."}
          </p>
        )}
        {error && <p className="error" role="alert">{error}</p>}
        <div className="buttons end">
          <button type="button" onClick={closeDialog}>Cancel</button>
          <button
            type="submit"
            className="primary"
            disabled={!isTrusted || isReadOnly || name.trim() === "" || module.trim() === ""}
          >
            Create
          </button>
        </div>
      </form>
    </Modal>
  );
}

/** Opens the code of a function in the editor of the person, if the server can. */
async function openSource(ref: string): Promise<void> {
  const tab = activeTab();
  if (!tab) return;
  try {
    await callPlain("/open-source", { ref, project_root: projectFolder(tab) });
    say(`Wrote ${ref}, and opened it in your editor`);
  } catch {
    // Without an editor to open it in, the place is what one needs.
    say(`Wrote ${ref}`);
  }
}
