/**
 * Variables of the net and of nodes.
 *
 * @module
 */
import { asObject, type RawObject } from "../../runtime/tools/raw_net.ts";
import { writeJson } from "../../runtime/schema/text/write_json.ts";
import {
  type ConfigPath,
  freeName,
  objectAtPath,
  renameKey,
  setAtPath,
  valueAtPath,
} from "../model/document.ts";
import { EditRefused } from "../model/edit_nodes.ts";
import { TextInput } from "./fields.tsx";
import { Section } from "./inspector.tsx";
import { edit, say, type Tab } from "./studio.ts";

const TYPES = ["str", "int", "float", "bool", "json"];

/** Variables at a path; a node also shows those of the net, which it may override. */
export function VariablesSection(
  { tab, path, isNode = false }: { tab: Tab; path: ConfigPath; isNode?: boolean },
) {
  const variables = asObject(valueAtPath(tab.history.data, path)) ?? new Map<string, unknown>();
  const global = isNode ? asObject(tab.history.data.get("node_vars")) : undefined;
  const inherited = [...global ?? []].filter(([name]) => !variables.has(name));
  return (
    <Section title="Variables" count={variables.size}>
      {[...variables].map(([name, variable]) => (
        <Variable key={name} path={path} name={name} variable={variable} global={global} />
      ))}
      {inherited.map(([name, variable]) => (
        <div key={name} className="card inherited">
          <div className="port-row fixed">
            <span>{name}</span>
            <small>{shown(variable)} · of the net</small>
            <button
              type="button"
              onClick={() =>
                edit(
                  "Override variable",
                  (draft) => setAtPath(draft, [...path, name], new Map([["inherit", true]])),
                )}
            >
              Override
            </button>
          </div>
        </div>
      ))}
      <button
        type="button"
        className="add"
        onClick={() =>
          edit("Add variable", (draft) => {
            const list = objectAtPath(draft, path);
            list.set(freeName("variable", new Set(list.keys())), new Map());
          })}
      >
        + variable
      </button>
    </Section>
  );
}

function valueText(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : writeJson(value, "");
}

function shown(variable: unknown): string {
  const value = asObject(variable)?.get("value");
  return value === undefined ? "(unset)" : valueText(value);
}

function Variable(
  { path, name, variable, global }: {
    path: ConfigPath;
    name: string;
    variable: unknown;
    global: RawObject | undefined;
  },
) {
  const data = asObject(variable) ?? new Map<string, unknown>();
  const inherits = data.get("inherit") === true;
  const declaration = inherits ? asObject(global?.get(name)) ?? data : data;
  const type = `${declaration.get("type") ?? "str"}`;
  const value = data.get("value");
  const options = declaration.get("options");
  const set = (key: string, value: unknown) =>
    edit("Change variable", (draft) => setAtPath(draft, [...path, name, key], value));
  return (
    <div className="card">
      <div className="port-row">
        <TextInput
          label={`Name of variable ${name}`}
          value={name}
          commit={(newName) =>
            edit("Rename variable", (draft) => {
              const list = objectAtPath(draft, path);
              if (newName.trim() === "") throw new EditRefused("A variable needs a name");
              if (list.has(newName)) {
                throw new EditRefused(`There is a variable "${newName}" already`);
              }
              renameKey(list, name, newName);
            })}
        />
        {!inherits && (
          <select
            aria-label={`Type of ${name}`}
            value={type}
            onChange={({ target }) =>
              set("type", target.value === "str" ? undefined : target.value)}
          >
            {TYPES.map((option) => <option key={option}>{option}</option>)}
          </select>
        )}
        <button
          type="button"
          className="icon"
          aria-label={`Remove variable ${name}`}
          onClick={() =>
            edit("Remove variable", (draft) => setAtPath(draft, [...path, name], undefined))}
        >
          ×
        </button>
      </div>
      {Array.isArray(options)
        ? (
          <select
            aria-label={`Value of ${name}`}
            value={valueText(value)}
            onChange={({ target }) =>
              set("value", options.find((option) => valueText(option) === target.value))}
          >
            <option value="">(unset)</option>
            {options.map((option) => <option key={valueText(option)}>{valueText(option)}</option>)}
          </select>
        )
        : (
          <TextInput
            label={`Value of ${name}`}
            value={valueText(value)}
            placeholder={inherits ? `${shown(global?.get(name))} (of the net)` : "(unset)"}
            commit={(text) => {
              if (text === "") return set("value", undefined);
              const parsed = parseValue(text, type);
              if (parsed === undefined) {
                say(`“${text}” is no ${type}`, "error");
                return false;
              }
              return set("value", parsed);
            }}
          />
        )}
      <div className="badges">
        {inherits && <small>inherit</small>}
        {!inherits && global?.has(name) && <small>override</small>}
        <label className="check">
          <input
            type="checkbox"
            checked={data.get("optional") === true}
            onChange={({ target }) => set("optional", target.checked ? true : undefined)}
          />
          optional
        </label>
      </div>
    </div>
  );
}

/** The value that a text means; undefined if none of that type. */
function parseValue(text: string, type: string): unknown {
  if (type === "int" && !/^[+-]?\d+$/.test(text)) return undefined;
  if (type === "int" || type === "float") {
    const number = Number(text);
    return Number.isNaN(number) ? undefined : number;
  }
  if (type === "bool") {
    if (/^(?:true|1|yes)$/i.test(text)) return true;
    return /^(?:false|0|no)$/i.test(text) ? false : undefined;
  }
  return text;
}
