/**
 * Actions: their list in the inspector, and the output of the one that runs.
 *
 * @module
 */
// @ts-types="@types/react"
import { useEffect, useState } from "react";
import { asObject, listAt, objectsIn } from "../../runtime/tools/raw_net.ts";
import {
  type ConfigPath,
  freeName,
  objectAtPath,
  setAtPath,
  valueAtPath,
} from "../model/document.ts";
import { callPlain, stream } from "./api.ts";
import type { Form } from "../model/form.ts";
import { Field, TextInput } from "./form/field.tsx";
import { FormInput } from "./form/form_input.tsx";
import { Section } from "./panel.tsx";
import { edit } from "./editing.ts";
import { filePath, sayError, studio, type Tab, update, useStudio } from "./studio.ts";

/** The actions at a path, of the net or of a node. */
export function ActionsSection(
  { tab, path, node }: { tab: Tab; path: ConfigPath; node?: string },
) {
  const isTrusted = useStudio(({ isTrusted }) => isTrusted);
  const actions = objectsIn(valueAtPath(tab.history.data, path));
  const set = (index: number, key: string, value: string) =>
    edit("Change action", (draft) => setAtPath(draft, [...path, index, key], value));
  return (
    <Section title="Actions" count={actions.length}>
      {actions.map((action, i) => {
        const text = (key: string) =>
          typeof action.get(key) === "string" ? `${action.get(key)}` : "";
        return (
          <div key={i} className="card">
            <div className="port-row">
              <TextInput
                label={`Label of action ${i + 1}`}
                value={text("label")}
                commit={(value) => void set(i, "label", value)}
              />
              <button
                type="button"
                disabled={!isTrusted}
                title={isTrusted ? "" : "This folder is not trusted"}
                onClick={() => runAction(tab, text("label"), text("command"), node)}
              >
                Run
              </button>
              <button
                type="button"
                className="icon"
                aria-label={`Remove action ${text("label")}`}
                onClick={() =>
                  edit("Remove action", (draft) => setAtPath(draft, [...path, i], undefined))}
              >
                ×
              </button>
            </div>
            <TextInput
              label={`Command of action ${text("label")}`}
              value={text("command")}
              placeholder="shell command"
              commit={(value) => void set(i, "command", value)}
            />
            <ResolvedCommand tab={tab} command={text("command")} node={node} />
          </div>
        );
      })}
      <button
        type="button"
        className="add"
        onClick={() =>
          edit("Add action", (draft) => {
            const list = listAt(objectAtPath(draft, path.slice(0, -1)), "actions");
            const ids = new Set(objectsIn(list).map((item) => `${asObject(item)?.get("id")}`));
            list.push(
              new Map([["id", freeName("action", ids)], ["label", "Action"], [
                "command",
                "echo $NODE_NAME",
              ]]),
            );
          })}
      >
        + action
      </button>
      {node === undefined && (
        <Field label="Default command">
          {(id) => (
            <FormInput
              id={id}
              form={TEXT}
              path={[...path.slice(0, -1), "defaultCmd"]}
              label="Default command"
              unset="not set"
            />
          )}
        </Field>
      )}
      <Field label="Environment" isWide>
        {() => (
          <FormInput
            form={{ kind: "map", value: TEXT }}
            path={[...path.slice(0, -1), "env"]}
            label="Environment variable"
            unset="nothing beyond what every action gets"
          />
        )}
      </Field>
    </Section>
  );
}

/** What a command comes to once its variables are filled in, where that is something else. */
function ResolvedCommand(
  { tab, command, node }: { tab: Tab; command: string; node: string | undefined },
) {
  const [resolved, setResolved] = useState<string>();
  useEffect(() => {
    setResolved(undefined);
    if (!command.includes("$")) return;
    let isCurrent = true;
    callPlain<{ resolved_command: string }>("/actions/preview", {
      command,
      document: tab.history.data,
      ...(node === undefined ? {} : { node }),
      ...filePath(tab),
    }).then(
      ({ resolved_command }) => isCurrent && setResolved(resolved_command),
      // Running it says what is wrong.
      () => {},
    );
    return () => void (isCurrent = false);
  }, [command, node, tab.path]);
  if (resolved === undefined || resolved === command) return null;
  return <small className="resolved" title="With its variables filled in">{resolved}</small>;
}

const TEXT: Form = { kind: "text", isSecret: false };

/** Runs a command and shows what it writes. */
export async function runAction(
  tab: Tab,
  title: string,
  command: string,
  node: string | undefined,
): Promise<void> {
  const stop = new AbortController();
  const show = (change: Partial<NonNullable<ReturnType<typeof studio>["output"]>>) => {
    const { output } = studio();
    if (output) update({ output: { ...output, ...change } });
  };
  update({
    panel: "output",
    output: { title, lines: [], isRunning: true, stop: () => stop.abort() },
  });
  const add = (type: string, text: string) =>
    show({ lines: [...studio().output?.lines ?? [], { type, text }].slice(-2000) });
  try {
    await stream(
      "/actions/run",
      {
        command,
        document: tab.history.data,
        ...(node === undefined ? {} : { node }),
        ...filePath(tab),
      },
      (line) => {
        if (line.type === "start") add("command", `$ ${line.resolved_command}\n`);
        else if (line.type === "exit") {
          const how = line.timed_out ? "Stopped: its time was over" : `Exit ${line.exit_code}`;
          add("exit", `${how}, ${line.duration_ms} ms`);
        } else add(`${line.type}`, `${line.text}`);
      },
      stop.signal,
    );
  } catch (error) {
    if (stop.signal.aborted) add("exit", "Stopped");
    else sayError(error);
  } finally {
    show({ isRunning: false });
  }
}

/** The output of the last action. */
export function OutputPanel() {
  const output = useStudio(({ output }) => output);
  if (!output) return <p className="empty-line">No action has run yet.</p>;
  return (
    <div className="output">
      <div className="output-head">
        <strong>{output.title}</strong>
        {output.isRunning && <button type="button" onClick={output.stop}>Stop</button>}
      </div>
      <pre role="log" aria-label="Output of the action">
        {output.lines.map(({ type, text }, i) => <span key={i} className={type}>{text}</span>)}
      </pre>
    </div>
  );
}
