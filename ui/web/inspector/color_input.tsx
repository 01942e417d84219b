/**
 * A colour: by its notation, or picked.
 *
 * @module
 */
// @ts-types="@types/react"
import { useEffect, useRef } from "react";
import { colorOf } from "../../model/node_view.ts";
import { TextInput } from "../form/field.tsx";
import { say } from "../studio.ts";

/** What several things say differently. */
export const MIXED = "(mixed)";

/** A colour of the document. */
export function ColorInput(
  { id, label, value, set }: {
    id: string;
    label: string;
    value: unknown;
    set: (value: string | undefined) => void;
  },
) {
  const text = typeof value === "string" ? value : "";
  const picker = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // React would tell of every colour on the way; the one that is chosen counts.
    const input = picker.current;
    const choose = () => set(input?.value);
    input?.addEventListener("change", choose);
    return () => input?.removeEventListener("change", choose);
  }, [set]);
  const shown = /^#[0-9a-f]{6}$/i.test(text) ? text : "#12806f";
  return (
    <div className="line">
      <input
        key={shown}
        ref={picker}
        type="color"
        aria-label={`Pick ${label.toLowerCase()}`}
        className={text === "" || text === MIXED ? "unset" : ""}
        defaultValue={shown}
      />
      <TextInput
        id={id}
        value={text === MIXED ? "" : text}
        placeholder={text === MIXED ? MIXED : "default"}
        commit={(value) => {
          if (value !== "" && colorOf(value) === undefined) {
            say(`“${value}” is no colour: write it like #12806f or teal`, "error");
            return false;
          }
          set(value === "" ? undefined : value);
        }}
      />
    </div>
  );
}
