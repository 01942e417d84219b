/**
 * The fields of an object of the document, in the forms that their schemas ask for.
 *
 * @module
 */
// @ts-types="@types/react"
import { createContext, useContext } from "react";
import type { FormField } from "../../model/form.ts";
import { type ConfigPath, valueAtPath } from "../../model/document.ts";
import { giveBy, type Giving, referenceOf } from "../../model/reference.ts";
import { activeTab, useStudio } from "../studio.ts";
import { Field, setValue, TextInput, words } from "./field.tsx";
import { FormInput } from "./form_input.tsx";

/** Values that make sense, known from beyond the schema. */
export interface Known {
  readonly values: readonly string[];
  /** Whether nothing else makes sense. */
  readonly isComplete: boolean;
}

/** What is known for fields, by their names. */
export const KnownValues = createContext<ReadonlyMap<string, Known>>(new Map());

/** What stands at a path of the open document. */
export function useValue(path: ConfigPath): unknown {
  return useStudio((state) => valueAtPath(activeTab(state)?.history.data, path));
}

/** The fields of a configuration object; none until the schemas are there. */
export function useFormFields(object: string): readonly FormField[] {
  return useStudio(({ forms }) => forms.get(object)) ?? NO_FIELDS;
}

const NO_FIELDS: readonly FormField[] = [];

/** All fields of a configuration object that stands at a path, under the titles of their categories. */
export function ObjectFields(
  { object, path, without = [] }: {
    object: string;
    path: ConfigPath;
    without?: readonly string[];
  },
) {
  const fields = useFormFields(object).filter(({ name }) => !without.includes(name));
  return <FormFields fields={fields} path={path} />;
}

/** Fields under the titles of their categories. */
export function FormFields(
  { fields, path }: { fields: readonly FormField[]; path: ConfigPath },
) {
  const groups = Map.groupBy(fields, ({ category }) => category ?? "");
  return (
    <>
      {[...groups].map(([title, fields]) => (
        <fieldset
          key={title}
          className={fields.some(({ isReferable }) => isReferable) ? "fields referable" : "fields"}
        >
          {title !== "" && <legend>{title}</legend>}
          {fields.filter(({ tag }) => tag === undefined).map((field) => (
            <FieldAt key={field.name} field={field} path={path} />
          ))}
        </fieldset>
      ))}
    </>
  );
}

/** Forms that need the whole width. */
const WIDE: ReadonlySet<string> = new Set(["list", "map", "object", "json"]);

/** One field. */
export function FieldAt(
  { field, path, label = words(field.name) }: {
    field: FormField;
    path: ConfigPath;
    label?: string;
  },
) {
  const known = useContext(KnownValues).get(field.name);
  const { form } = field;
  const at = [...path, field.name];
  const value = useValue(at);
  const reference = field.isReferable ? referenceOf(value) : undefined;
  const isWide = WIDE.has(form.kind) && !reference ||
    form.kind === "variants" && form.variants.some(({ form }) => WIDE.has(form.kind));
  const write = (next: unknown) => setValue(`Set ${label.toLowerCase()}`, at, next);
  return (
    <Field
      label={field.isRequired ? `${label} *` : label}
      hint={field.description}
      isWide={isWide}
    >
      {(id) => (
        <div className="with-giving">
          {reference
            ? (
              <span className="reference">
                <TextInput
                  id={id}
                  value={reference.name}
                  commit={(name) =>
                    name.trim() !== "" &&
                    setValue("Change reference", [...at, reference.key], name.trim())}
                />
                <FormInput
                  form={form}
                  path={[...at, "default"]}
                  label={`Default of ${label.toLowerCase()}`}
                  unset="no default"
                  known={known}
                />
              </span>
            )
            : (
              <FormInput
                id={id}
                form={form}
                path={at}
                label={label}
                unset={unsetText(field)}
                byDefault={field.inherits ? undefined : field.default}
                known={known}
              />
            )}
          {field.isReferable && (
            <select
              aria-label={`How ${label.toLowerCase()} is given`}
              title="As a value, by an environment variable, or by a node variable"
              className="giving"
              value={reference?.giving ?? "value"}
              onChange={({ target }) =>
                write(giveBy(value, target.value as Giving, field.name.toUpperCase()))}
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

/** What stands in a field in which nothing is given. */
function unsetText({ inherits, default: value, isRequired }: FormField): string {
  if (inherits) return "inherit";
  if (isRequired) return "required";
  if (value === undefined || value === null || value === "") return "not set";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.join(", ");
  if (typeof value === "object") return "default";
  return typeof value === "boolean" ? (value ? "yes" : "no") : `${value}`;
}
