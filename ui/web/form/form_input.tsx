/**
 * The input that a form asks for.
 *
 * @module
 */
// @ts-types="@types/react"
import { useState } from "react";
import { blankOf, fits, type Form, type NumberForm, readNumber } from "../../model/form.ts";
import type { ConfigPath } from "../../model/document.ts";
import { setValue, TextInput } from "./field.tsx";
import { FormFields, type Known, useValue } from "./form_fields.tsx";
import { JsonInput } from "./json_input.tsx";
import { ListInput } from "./list_input.tsx";
import { MapInput } from "./map_input.tsx";
import { VariantsInput } from "./variants_input.tsx";

/** What every input is given. */
export interface InputProps<F extends Form = Form> {
  id?: string | undefined;
  form: F;
  /** Where the value stands in the document. */
  path: ConfigPath;
  /** What it is called, for those who do not see the label. */
  label: string;
  /** What stands there while nothing is given. */
  unset: string;
  byDefault?: unknown;
  /** Whether it is a member of a list or map, which does not go by being emptied. */
  isMember?: boolean | undefined;
  known?: Known | undefined;
}

/** An input for a value of the document. */
export function FormInput(props: InputProps) {
  const { id, form, path, label, unset } = props;
  const value = useValue(path);
  const write = (next: unknown) => setValue(`Set ${label.toLowerCase()}`, path, next);
  const isThere = value !== undefined && value !== null;
  if (isThere && !fits(form, value)) {
    return <JsonInput id={id} label={label} value={value} write={write} />;
  }
  switch (form.kind) {
    case "text":
      return (
        <TextInput
          id={id}
          label={id === undefined ? label : undefined}
          value={isThere ? `${value}` : ""}
          placeholder={unset}
          isSecret={form.isSecret}
          suggestions={props.known?.values}
          commit={(text) => void write(text === "" && !props.isMember ? undefined : text)}
        />
      );
    case "number":
      return <NumberInput {...props} form={form} />;
    case "boolean":
      return (
        <Choice
          {...props}
          value={value}
          values={[true, false]}
          write={write}
        />
      );
    case "choice":
      return <Choice {...props} value={value} values={form.values} write={write} />;
    case "list":
      return <ListInput {...props} form={form} />;
    case "map":
      return <MapInput {...props} form={form} />;
    case "variants":
      return <VariantsInput {...props} form={form} />;
    case "object":
      return isThere
        ? (
          <div className="nested">
            <FormFields fields={form.fields} path={path} />
            {!props.isMember && (
              <button
                type="button"
                className="quiet"
                onClick={() => write(undefined)}
              >
                Remove {label.toLowerCase()}
              </button>
            )}
          </div>
        )
        : (
          <button type="button" className="add" onClick={() => write(blankOf(form))}>
            + {label.toLowerCase()}
          </button>
        );
    case "json":
      return <JsonInput id={id} label={label} value={value} placeholder={unset} write={write} />;
  }
}

/** A number. Text that is none, or beyond the limits, stays as it was typed. */
function NumberInput({ id, form, path, label, unset }: InputProps<NumberForm>) {
  const value = useValue(path);
  const [error, setError] = useState<string>();
  return (
    <>
      <TextInput
        id={id}
        label={id === undefined ? label : undefined}
        value={value === undefined || value === null ? "" : `${value}`}
        placeholder={unset}
        inputMode="decimal"
        isInvalid={error !== undefined}
        commit={(text) => {
          const reading = text.trim() === "" ? { value: undefined } : readNumber(text, form);
          setError("message" in reading ? reading.message : undefined);
          if ("value" in reading) setValue(`Set ${label.toLowerCase()}`, path, reading.value);
        }}
      />
      {error && <p className="error" role="alert">{error}</p>}
    </>
  );
}

function Choice(
  { id, label, unset, value, values, write, byDefault, isMember }: InputProps & {
    value: unknown;
    values: readonly unknown[];
    write: (value: unknown) => void;
  },
) {
  const at = values.findIndex((one) => one === value);
  return (
    <select
      id={id}
      aria-label={id === undefined ? label : undefined}
      className={at < 0 ? "unset" : ""}
      value={at}
      onChange={({ target }) => write(values[Number(target.value)])}
    >
      <option value={-1} disabled={isMember}>
        {byDefault === undefined || byDefault === null ? unset : `${unset} (default)`}
      </option>
      {values.map((one, i) => <option key={i} value={i}>{textOf(one)}</option>)}
    </select>
  );
}

function textOf(value: unknown): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return value === "" ? "(empty)" : typeof value === "string" ? value : JSON.stringify(value);
}
