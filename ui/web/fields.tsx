/**
 * Fields of the inspector: each writes one value of the document when it is left.
 *
 * @module
 */
// @ts-types="@types/react"
import { type ReactNode, useEffect, useId, useState } from "react";
import type { FieldDescription } from "../../runtime/schema/field_list.ts";
import { readJson } from "../../runtime/schema/text/read_json.ts";
import { TextProblems } from "../../runtime/schema/text/text_problems.ts";
import { writeJson } from "../../runtime/schema/text/write_json.ts";
import { asObject } from "../../runtime/tools/raw_net.ts";
import { type ConfigPath, setAtPath, valueAtPath } from "../model/document.ts";
import { activeTab, edit, useStudio } from "./studio.ts";

/** A field with its label. */
export function Field(
  { label, hint, error, children }: {
    label: string;
    hint?: string | undefined;
    error?: string | undefined;
    children: (id: string) => ReactNode;
  },
) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id} title={hint}>{label}</label>
      {children(id)}
      {error && <p className="error" role="alert">{error}</p>}
    </div>
  );
}

/** A line of text that is written when it is left or confirmed. */
export function TextInput(
  { id, value, commit, placeholder, isArea, label, inputMode }: {
    id?: string;
    value: string;
    commit: (value: string) => boolean | void;
    placeholder?: string;
    isArea?: boolean;
    label?: string;
    inputMode?: "numeric" | "decimal";
  },
) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const done = () => {
    if (text !== value && commit(text) === false) setText(value);
  };
  const props = {
    id,
    value: text,
    placeholder,
    "aria-label": label,
    spellCheck: false,
    onChange: (event: { target: { value: string } }) => setText(event.target.value),
    onBlur: done,
  };
  if (isArea) return <textarea rows={3} {...props} />;
  return (
    <input
      {...props}
      inputMode={inputMode}
      onKeyDown={(event) => {
        if (event.key === "Enter") done();
        if (event.key === "Escape") setText(value);
      }}
    />
  );
}

/** The fields of a configuration object, by categories; none until the schemas are there. */
export function useFields(object: string): readonly FieldDescription[] {
  return useStudio(({ fields }) => fields.get(object)) ?? NO_FIELDS;
}

const NO_FIELDS: readonly FieldDescription[] = [];

/** Names in lower case without underscores. */
export function words(name: string): string {
  const text = name.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Sets what stands at a path of the document. */
export function setValue(label: string, path: ConfigPath, value: unknown): boolean {
  return edit(label, (draft) => setAtPath(draft, path, value));
}

/** A field whose form follows from its description in the schema. */
export function SchemaField({ field, path }: { field: FieldDescription; path: ConfigPath }) {
  const data = activeTab()?.history.data;
  const value = valueAtPath(data, [...path, field.name]);
  const [error, setError] = useState<string>();
  const at = [...path, field.name];
  const write = (next: unknown) => setValue(`Set ${words(field.name).toLowerCase()}`, at, next);
  const reference = referenceOf(value);
  const isNullable = field.type.endsWith(" or null");
  const inherits = isNullable && field.description.includes("null inherits");
  return (
    <Field
      label={words(field.name)}
      hint={field.description}
      error={error}
    >
      {(id) => (
        <div className="with-mode">
          {reference
            ? (
              <TextInput
                id={id}
                value={reference.name}
                commit={(name) => write(new Map([...asObject(value)!, [reference.kind, name]]))}
              />
            )
            : (
              <Literal
                id={id}
                field={field}
                value={value}
                write={write}
                setError={setError}
                inherits={inherits}
              />
            )}
          {field.isReferable && (
            <select
              aria-label={`How ${words(field.name).toLowerCase()} is given`}
              className="mode"
              value={reference?.kind ?? "value"}
              onChange={(event) => write(converted(value, event.target.value))}
            >
              <option value="value">value</option>
              <option value="$env">$env</option>
              <option value="$var">$var</option>
            </select>
          )}
        </div>
      )}
    </Field>
  );
}

interface Reference {
  kind: "$env" | "$var";
  name: string;
}

function referenceOf(value: unknown): Reference | undefined {
  const object = asObject(value);
  for (const kind of ["$env", "$var"] as const) {
    const name = object?.get(kind);
    if (typeof name === "string") return { kind, name };
  }
  return undefined;
}

/** The same value given in another way; a literal becomes the default of a reference. */
function converted(value: unknown, kind: string): unknown {
  const old = referenceOf(value);
  if (kind === "value") return asObject(value)?.get("default");
  if (old) {
    return new Map([...asObject(value)!].map(([key, v]) => [key === old.kind ? kind : key, v]));
  }
  return new Map<string, unknown>([
    [kind, "NAME"],
    ...value === undefined || value === null ? [] : [["default", value] as const],
  ]);
}

function Literal(
  { id, field, value, write, setError, inherits }: {
    id: string;
    field: FieldDescription;
    value: unknown;
    write: (value: unknown) => boolean;
    setError: (error: string | undefined) => void;
    inherits: boolean;
  },
) {
  const { type, values } = field;
  const unset = inherits
    ? "inherit"
    : field.default === undefined || field.default === null
    ? "default"
    : typeof field.default === "object"
    ? "default"
    : `default: ${field.default}`;
  const kind = type.replace(" or null", "");
  if (values || kind === "boolean") {
    const options = values ?? ["true", "false"];
    return (
      <select
        id={id}
        value={value === undefined || value === null ? "" : `${value}`}
        onChange={({ target }) =>
          write(
            target.value === ""
              ? undefined
              : kind === "boolean"
              ? target.value === "true"
              : target.value,
          )}
      >
        <option value="">{unset}</option>
        {options.map((option) => <option key={option} value={option}>{option}</option>)}
      </select>
    );
  }
  const isNumber = /^(?:integer|number)/.test(kind);
  if (isNumber || kind === "string") {
    return (
      <TextInput
        id={id}
        value={value === undefined || value === null ? "" : `${value}`}
        placeholder={unset}
        {...(isNumber ? { inputMode: "decimal" as const } : {})}
        commit={(text) => {
          setError(undefined);
          if (text.trim() === "") return void write(undefined);
          if (!isNumber) return void write(text);
          const number = Number(text);
          if (Number.isNaN(number)) {
            setError(`“${text}” is no number`);
            return false;
          }
          write(number);
        }}
      />
    );
  }
  return <JsonInput id={id} value={value} placeholder={unset} write={write} setError={setError} />;
}

/** Any data as JSON. Text that is none stays as it was typed, with what is wrong with it. */
export function JsonInput(
  { id, value, placeholder, write, setError, label }: {
    id?: string;
    value: unknown;
    placeholder?: string;
    write: (value: unknown) => void;
    setError: (error: string | undefined) => void;
    label?: string;
  },
) {
  const written = value === undefined || value === null ? "" : writeJson(value, "  ");
  const [text, setText] = useState(written);
  useEffect(() => setText(written), [written]);
  return (
    <textarea
      id={id}
      aria-label={label}
      className="json"
      rows={Math.min(8, Math.max(1, text.split("\n").length))}
      value={text}
      placeholder={placeholder}
      spellCheck={false}
      onChange={({ target }) => setText(target.value)}
      onBlur={() => {
        if (text === written) return setError(undefined);
        if (text.trim() === "") {
          setError(undefined);
          return write(undefined);
        }
        try {
          const data = readJson(text, new TextProblems(text, undefined));
          setError(undefined);
          write(data);
        } catch (error) {
          setError(error instanceof Error ? error.message : `${error}`);
        }
      }}
    />
  );
}
