/**
 * A term built piece by piece.
 *
 * @module
 */
import { asObject } from "../../../runtime/tools/raw_net.ts";
import type { ConfigPath } from "../../model/document.ts";
import {
  changeState,
  changeTermKind,
  PORT_STATES,
  portTerm,
  TERM_KINDS,
  type TermKind,
  termKind,
} from "../../model/term_tree.ts";
import { IconButton, setValue, TextInput } from "../form/field.tsx";
import { useValue } from "../form/form_fields.tsx";

/** A term and what it is made of. */
export function TermTree(
  { path, ports, remove, label = "Term" }: {
    path: ConfigPath;
    ports: readonly string[];
    /** Takes it out of the term around it. */
    remove?: (() => void) | undefined;
    label?: string;
  },
) {
  const value = useValue(path);
  const term = asObject(value);
  const kind = termKind(value);
  const terms = term?.get("terms");
  const set = (next: unknown) => setValue("Change term", path, next);
  return (
    <div className="branch">
      <div className="line">
        <select
          aria-label={`Kind of ${label.toLowerCase()}`}
          className="kind"
          value={kind}
          onChange={({ target }) => set(changeTermKind(value, target.value as TermKind, ports))}
        >
          {TERM_KINDS.map(([kind, words]) => <option key={kind} value={kind}>{words}</option>)}
        </select>
        {kind === "port" && <PortTest path={path} ports={ports} label={label} />}
        {remove && <IconButton label={`Remove ${label.toLowerCase()}`} sign="×" onClick={remove} />}
      </div>
      {kind === "not" && (
        <div className="branches">
          <TermTree path={[...path, "term"]} ports={ports} label={`${label}, inside`} />
        </div>
      )}
      {Array.isArray(terms) && (
        <div className="branches">
          {terms.map((_, i) => (
            <TermTree
              key={i}
              path={[...path, "terms", i]}
              ports={ports}
              label={`${label} ${i + 1}`}
              remove={() => setValue("Remove term", [...path, "terms", i], undefined)}
            />
          ))}
          <button
            type="button"
            className="add"
            onClick={() => setValue("Add term", [...path, "terms"], [...terms, portTerm(ports[0])])}
          >
            + term
          </button>
        </div>
      )}
    </div>
  );
}

function PortTest(
  { path, ports, label }: { path: ConfigPath; ports: readonly string[]; label: string },
) {
  const term = asObject(useValue(path));
  const name = `${term?.get("port_name") ?? ""}`;
  const state = asObject(term?.get("state"));
  const value = state?.get("value");
  return (
    <>
      <select
        aria-label={`Port of ${label.toLowerCase()}`}
        value={name}
        onChange={({ target }) => setValue("Change term", [...path, "port_name"], target.value)}
      >
        {[...new Set([...ports, name])].map((port) => <option key={port}>{port}</option>)}
      </select>
      <select
        aria-label={`State of ${label.toLowerCase()}`}
        value={`${state?.get("type")}`}
        onChange={({ target }) =>
          setValue("Change term", [...path, "state"], changeState(state, target.value))}
      >
        {PORT_STATES.map(([type, words]) => <option key={type} value={type}>{words}</option>)}
      </select>
      {value !== undefined && (
        <TextInput
          label={`Number of ${label.toLowerCase()}`}
          value={`${value}`}
          inputMode="numeric"
          commit={(text) =>
            /^\d+$/.test(text) &&
            setValue("Change term", [...path, "state", "value"], Number(text))}
        />
      )}
    </>
  );
}
