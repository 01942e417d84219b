/**
 * Names and values.
 *
 * @module
 */
import { asObject } from "../../../runtime/tools/raw_net.ts";
import { freeName, objectAtPath, renameKey } from "../../model/document.ts";
import { EditRefused } from "../../model/edit_nodes.ts";
import { blankOf, type Form } from "../../model/form.ts";
import { edit } from "../editing.ts";
import { IconButton, setValue, TextInput } from "./field.tsx";
import { FormInput, type InputProps } from "./form_input.tsx";
import { useValue } from "./form_fields.tsx";

/** A map of the document. */
export function MapInput({ form, path, label, unset }: InputProps<Extract<Form, { kind: "map" }>>) {
  const map = asObject(useValue(path));
  const name = label.toLowerCase();
  const isSimple = !["object", "variants", "map", "list", "json"].includes(form.value.kind);
  return (
    <div className="cards">
      {(!map || map.size === 0) && <span className="dim">{map ? "none" : unset}</span>}
      {[...map ?? []].map(([key, value]) => (
        <div key={key} className={isSimple ? "line" : "card"}>
          <div className="line">
            <TextInput
              label={`Name of ${name} ${key}`}
              value={key}
              commit={(newKey) =>
                edit(`Rename ${name}`, (draft) => {
                  const object = objectAtPath(draft, path);
                  if (newKey.trim() === "") throw new EditRefused("This needs a name");
                  if (object.has(newKey)) throw new EditRefused(`There is a “${newKey}” already`);
                  renameKey(object, key, newKey);
                })}
            />
            {isSimple && (
              <FormInput
                form={form.value}
                path={[...path, key]}
                label={`Value of ${key}`}
                unset={value === "" ? "(empty)" : "not set"}
                isMember
              />
            )}
            <IconButton
              label={`Remove ${key}`}
              sign="×"
              onClick={() =>
                setValue(`Remove ${name}`, map!.size === 1 ? path : [...path, key], undefined)}
            />
          </div>
          {!isSimple && (
            <FormInput
              form={form.value}
              path={[...path, key]}
              label={`Kind of ${key}`}
              unset="not set"
              isMember
            />
          )}
        </div>
      ))}
      <button
        type="button"
        className="add"
        onClick={() =>
          edit(`Add ${name}`, (draft) => {
            const object = objectAtPath(draft, path);
            object.set(freeName("name", new Set(object.keys())), blankOf(form.value));
          })}
      >
        + {name}
      </button>
    </div>
  );
}
