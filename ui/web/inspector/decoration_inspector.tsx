/**
 * The inspector of a decoration.
 *
 * @module
 */
import type { Decoration } from "../../model/graph_view.ts";
import { DECORATIONS } from "../../model/edit_layout.ts";
import { deleteSelection } from "../commands/editing_commands.ts";
import { Field, setValue, TextInput, words } from "../form/field.tsx";
import { ColorInput } from "./color_input.tsx";
import { Panel } from "../panel.tsx";

/** One decoration. */
export function DecorationInspector({ decoration: { path, data } }: { decoration: Decoration }) {
  const set = (key: string, value: unknown) => setValue("Change decoration", [...path, key], value);
  const text = (key: string, label: string, isArea = false) => (
    <Field label={label} isWide={isArea}>
      {(id) => (
        <TextInput
          id={id}
          isArea={isArea}
          value={`${data.get(key) ?? ""}`}
          commit={(value) => void set(key, value === "" ? undefined : value)}
        />
      )}
    </Field>
  );
  const number = (key: string, label: string, byDefault: string) => (
    <Field label={label}>
      {(id) => (
        <TextInput
          id={id}
          value={`${data.get(key) ?? ""}`}
          placeholder={byDefault}
          inputMode="decimal"
          commit={(value) => {
            if (Number.isNaN(Number(value))) return false;
            set(key, value.trim() === "" ? undefined : Number(value));
          }}
        />
      )}
    </Field>
  );
  const color = (key: string, label: string) => (
    <Field label={label}>
      {(id) => (
        <ColorInput
          id={id}
          label={label}
          value={data.get(key)}
          set={(value) => set(key, value)}
        />
      )}
    </Field>
  );
  const kind = `${data.get("decorationType") ?? "rectangle"}`;
  const hasText = kind !== "divider" && kind !== "image";
  return (
    <Panel title="Decoration">
      <fieldset className="fields">
        <Field label="Kind">
          {(id) => (
            <select
              id={id}
              value={kind}
              onChange={({ target }) => set("decorationType", target.value)}
            >
              {[...new Set([...DECORATIONS, kind])].map((kind) => (
                <option key={kind} value={kind}>{words(kind.replaceAll("-", " "))}</option>
              ))}
            </select>
          )}
        </Field>
        {hasText && text("text", "Text", true)}
        {kind === "image" && text("imagePath", "Image file")}
        {color("fillColor", "Fill colour")}
        {color("strokeColor", "Line colour")}
        {number("strokeWidth", "Line width", "1")}
        {hasText && color("fontColor", "Font colour")}
        {hasText && number("fontSize", "Font size", "13")}
        {number("opacity", "Opacity", "1")}
        {number("width", "Width", "200")}
        {number("height", "Height", "120")}
        {number("zIndex", "Level", "-1")}
      </fieldset>
      <label className="check">
        <input
          type="checkbox"
          checked={data.get("locked") === true}
          onChange={({ target }) => set("locked", target.checked ? true : undefined)}
        />
        Lock in place
      </label>
      <div className="buttons">
        <button type="button" className="danger" onClick={deleteSelection}>
          Delete decoration
        </button>
      </div>
    </Panel>
  );
}
