/**
 * Variables of the net and of nodes.
 *
 * @module
 */
// @ts-types="@types/react"
import { useState } from "react";
import { asObject, objectsIn, type RawObject, valueAt } from "../../../runtime/tools/raw_net.ts";
import {
  type ConfigPath,
  freeName,
  objectAtPath,
  renameKey,
  valueAtPath,
} from "../../model/document.ts";
import { EditRefused, nameOf } from "../../model/edit_nodes.ts";
import { giveBy, referenceOf } from "../../model/reference.ts";
import {
  converted,
  readVariable,
  VARIABLE_TYPES,
  variableText,
} from "../../model/variable_value.ts";
import { edit } from "../editing.ts";
import { Field, IconButton, setValue, TextInput } from "../form/field.tsx";
import { FormInput } from "../form/form_input.tsx";
import { JsonInput } from "../form/json_input.tsx";
import { Section } from "../panel.tsx";
import { say, select, type Tab } from "../studio.ts";

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
          <div className="line">
            <span className="grow">{name}</span>
            <small className="value">{shown(variable)}</small>
            <small className="badge">default</small>
            <button
              type="button"
              onClick={() =>
                setValue("Override variable", [...path, name], new Map([["inherit", true]]))}
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

/** What stands for a variable's value; one without says so. */
function shown(variable: unknown): string {
  const value = asObject(variable)?.get("value");
  const reference = referenceOf(value);
  if (reference) return `${reference.giving} ${reference.name}`;
  return value === undefined || value === null ? "(unset)" : variableText(value);
}

function Variable(
  { path, name, variable, global }: {
    path: ConfigPath;
    name: string;
    variable: unknown;
    global: RawObject | undefined;
  },
) {
  const at = [...path, name];
  const data = asObject(variable) ?? new Map<string, unknown>();
  const isOfNet = global?.has(name) === true;
  const inherits = data.get("inherit") === true;
  const declaration = inherits ? asObject(global?.get(name)) ?? data : data;
  const type = `${declaration.get("type") || "str"}`;
  const set = (key: string, value: unknown) => setValue("Change variable", [...at, key], value);
  const [isListing, setListing] = useState(false);
  const hasOptions = Array.isArray(data.get("options"));
  return (
    <div className="card">
      <div className="line">
        {isOfNet ? <span className="grow">{name}</span> : (
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
        )}
        {inherits ? <small className="badge">{type}</small> : (
          <select
            aria-label={`Type of ${name}`}
            className="kind"
            value={type}
            onChange={({ target }) =>
              set("type", target.value === "str" ? undefined : target.value)}
          >
            {[...new Set([...VARIABLE_TYPES, type])].map((one) => <option key={one}>{one}</option>)}
          </select>
        )}
        <IconButton
          label={isOfNet ? `Use ${name} of the net` : `Remove variable ${name}`}
          sign={isOfNet ? "↺" : "×"}
          onClick={() => setValue("Remove variable", at, undefined)}
        />
      </div>
      <VariableValue
        path={[...at, "value"]}
        name={name}
        type={type}
        value={data.get("value")}
        options={declaration.get("options")}
        unset={inherits ? `${shown(global?.get(name))}, as in the net` : "(unset)"}
      />
      {!inherits && (hasOptions || isListing) && (
        <Field label="Options" isWide>
          {(id) => (
            <FormInput
              id={id}
              form={{
                kind: "list",
                item: type === "int" || type === "float"
                  ? NUMBER
                  : { kind: "text", isSecret: false },
              }}
              path={[...at, "options"]}
              label={`Options of ${name}`}
              unset="any value"
            />
          )}
        </Field>
      )}
      <div className="line">
        {isOfNet && (
          <select
            aria-label={`How ${name} overrides`}
            value={inherits ? "inherit" : "override"}
            onChange={({ target }) => {
              const value = data.get("value");
              const kept = value === undefined ? [] : [["value", value] as const];
              setValue(
                "Change variable",
                at,
                target.value === "inherit"
                  ? new Map<string, unknown>([["inherit", true], ...kept])
                  : new Map<string, unknown>([...asObject(global?.get(name)) ?? [], ...kept]),
              );
            }}
          >
            <option value="inherit">inherit the declaration</option>
            <option value="override">override all of it</option>
          </select>
        )}
        {inherits
          ? declaration.get("optional") === true && <small className="badge">optional</small>
          : (
            <>
              <label className="check grow">
                <input
                  type="checkbox"
                  checked={data.get("optional") === true}
                  onChange={({ target }) => set("optional", target.checked ? true : undefined)}
                />
                optional
              </label>
              {!hasOptions && !isListing && (
                <button
                  type="button"
                  className="quiet"
                  aria-label={`Options of ${name}`}
                  onClick={() => setListing(true)}
                >
                  Options…
                </button>
              )}
            </>
          )}
      </div>
    </div>
  );
}

const NUMBER = {
  kind: "number",
  isInteger: false,
  minimum: undefined,
  exclusiveMinimum: undefined,
  maximum: undefined,
} as const;

function VariableValue(
  { path, name, type, value, options, unset }: {
    path: ConfigPath;
    name: string;
    type: string;
    value: unknown;
    options: unknown;
    unset: string;
  },
) {
  const label = `Value of ${name}`;
  const write = (next: unknown) => setValue("Change variable", path, next);
  const reference = referenceOf(value);
  return (
    <div className="with-giving">
      {reference
        ? (
          <TextInput
            label={`Environment variable for ${name}`}
            value={reference.name}
            commit={(text) =>
              text.trim() !== "" && setValue("Change variable", [...path, reference.key], text)}
          />
        )
        : Array.isArray(options) || type === "bool"
        ? (
          <Choice
            label={label}
            value={converted(value, type)}
            values={(Array.isArray(options) ? options : [true, false]).map((one) =>
              converted(one, type)
            )}
            unset={unset}
            write={write}
          />
        )
        : type === "json"
        ? <JsonInput label={label} value={value} placeholder={unset} write={write} />
        : (
          <TextInput
            label={label}
            value={variableText(value)}
            placeholder={unset}
            inputMode={type === "str" ? undefined : "decimal"}
            commit={(text) => {
              if (text === "") return void write(undefined);
              const reading = readVariable(text, type);
              if ("value" in reading) return void write(reading.value);
              say(reading.message, "error");
              return false;
            }}
          />
        )}
      <select
        aria-label={`How ${name} is given`}
        title="As a value, or by an environment variable"
        className="giving"
        value={reference ? "$env" : "value"}
        onChange={({ target }) =>
          write(giveBy(value, target.value as "value" | "$env", name.toUpperCase()))}
      >
        <option value="value">value</option>
        <option value="$env">$env</option>
      </select>
    </div>
  );
}

function Choice(
  { label, value, values, unset, write }: {
    label: string;
    value: unknown;
    values: readonly unknown[];
    unset: string;
    write: (value: unknown) => void;
  },
) {
  const isThere = value !== undefined && value !== null;
  const at = values.findIndex((one) => variableText(one) === variableText(value));
  return (
    <select
      aria-label={label}
      className={isThere ? "" : "unset"}
      value={isThere ? at : -2}
      onChange={({ target }) => write(values[Number(target.value)])}
    >
      <option value={-2}>{unset}</option>
      {isThere && at < 0 && <option value={-1} disabled>{variableText(value)} (not allowed)
      </option>}
      {values.map((one, i) => <option key={i} value={i}>{variableText(one)}</option>)}
    </select>
  );
}

/** The variables of all nodes in one list, each leading to its node. */
export function VariablesOfNodes({ tab }: { tab: Tab }) {
  const found: { node: string; name: string; variable: unknown }[] = [];
  const visit = (graph: RawObject | undefined, prefix: string): void => {
    for (const node of objectsIn(graph?.get("nodes"))) {
      const full = prefix + nameOf(node);
      for (
        const [name, variable] of asObject(valueAt(node, "execution_config", "node_vars")) ?? []
      ) {
        found.push({ node: full, name, variable });
      }
      visit(node, `${full}.`);
    }
  };
  visit(asObject(tab.history.data.get("graph")), "");
  if (found.length === 0) return null;
  return (
    <Section title="Variables of nodes" count={found.length}>
      <ul className="plain">
        {found.map(({ node, name, variable }) => (
          <li key={`${node} ${name}`} className="line">
            <button type="button" className="link grow" onClick={() => select([node])}>
              {node} · {name}
            </button>
            <small className="value">{shown(variable)}</small>
          </li>
        ))}
      </ul>
    </Section>
  );
}
