/**
 * How nodes look.
 *
 * @module
 */
import { asObject, type RawObject, valueAt } from "../../../runtime/tools/raw_net.ts";
import { type ConfigPath, setAtPath } from "../../model/document.ts";
import { NODE_SHAPES, textOf } from "../../model/node_view.ts";
import { edit } from "../editing.ts";
import { Field, words } from "../form/field.tsx";
import { ColorInput, MIXED } from "./color_input.tsx";

const FLAGS: Readonly<Record<string, string>> = {
  hideLabel: "Hide the name",
  hideDescription: "Hide the description",
  hidePortNames: "Hide names of ports",
  locked: "Lock in place",
};

/** Shape, colours and visibility of one node or several. */
export function Look({ nodes }: { nodes: readonly { path: ConfigPath; data: RawObject }[] }) {
  const uis = nodes.map(({ data }) => asObject(valueAt(data, "extra", "ui")));
  const shared = (key: string) => {
    const values = new Set(uis.map((ui) => ui?.get(key)));
    return values.size > 1 ? MIXED : [...values][0];
  };
  const set = (key: string, value: unknown) =>
    edit("Change look", (draft) => {
      for (const { path } of nodes) setAtPath(draft, [...path, "extra", "ui", key], value);
    });
  const color = (key: string, label: string) => (
    <Field label={label}>
      {(id) => (
        <ColorInput
          id={id}
          label={label}
          value={shared(key)}
          set={(value) => set(key, value)}
        />
      )}
    </Field>
  );
  const shape = textOf(shared("shape")) ?? "";
  return (
    <>
      <fieldset className="fields">
        <Field label="Shape">
          {(id) => (
            <select
              id={id}
              className={shape === "" ? "unset" : ""}
              value={shape}
              onChange={({ target }) =>
                set("shape", target.value === "" ? undefined : target.value)}
            >
              <option value="">default</option>
              {shape === MIXED && <option disabled>{MIXED}</option>}
              {NODE_SHAPES.map((shape) => (
                <option key={shape} value={shape}>{words(shape.replace("-", " "))}</option>
              ))}
            </select>
          )}
        </Field>
        {color("headerColor", "Header colour")}
        {color("fontColor", "Font colour")}
      </fieldset>
      <div className="checks">
        {Object.entries(FLAGS).map(([key, label]) => {
          const value = shared(key);
          return (
            <label key={key} className="check">
              <input
                type="checkbox"
                checked={value === true}
                ref={(input) => {
                  if (input) input.indeterminate = value === MIXED;
                }}
                onChange={({ target }) => set(key, target.checked ? true : undefined)}
              />
              {label}
              {value === MIXED && <small>{MIXED}</small>}
            </label>
          );
        })}
      </div>
    </>
  );
}
