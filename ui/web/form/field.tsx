/**
 * A field with its label, and a line of text in it.
 *
 * @module
 */
// @ts-types="@types/react"
import { type ReactNode, useEffect, useId, useState } from "react";
import { type ConfigPath, setAtPath } from "../../model/document.ts";
import { edit } from "../editing.ts";

/** A field with its label. */
export function Field(
  { label, hint, error, isWide = false, children }: {
    label: string;
    hint?: string | undefined;
    error?: string | undefined;
    /** Whether the label stands above. */
    isWide?: boolean;
    children: (id: string) => ReactNode;
  },
) {
  const id = useId();
  return (
    <div className={isWide ? "field wide" : "field"}>
      <label htmlFor={id} title={hint}>{label}</label>
      <div className="input">
        {children(id)}
        {error && <p className="error" role="alert">{error}</p>}
      </div>
    </div>
  );
}

/** What a line of text needs. */
export interface TextInputProps {
  id?: string | undefined;
  value: string;
  /** Takes the text when it is left or confirmed; false puts the old one back. */
  commit: (value: string) => boolean | void;
  placeholder?: string | undefined;
  isArea?: boolean | undefined;
  isSecret?: boolean | undefined;
  label?: string | undefined;
  inputMode?: "numeric" | "decimal" | undefined;
  /** What is offered while typing. */
  suggestions?: readonly string[] | undefined;
  isInvalid?: boolean | undefined;
}

/** A line of text that is written when it is left or confirmed. */
export function TextInput(
  {
    value,
    commit,
    placeholder,
    isArea,
    isSecret,
    label,
    inputMode,
    suggestions,
    isInvalid,
    ...rest
  }: TextInputProps,
) {
  const [text, setText] = useState(value);
  const listId = useId();
  useEffect(() => setText(value), [value]);
  const done = () => {
    if (text !== value && commit(text) === false) setText(value);
  };
  const props = {
    id: rest.id,
    value: text,
    placeholder,
    "aria-label": label,
    "aria-invalid": isInvalid,
    spellCheck: false,
    onChange: (event: { target: { value: string } }) => setText(event.target.value),
    onBlur: done,
  };
  if (isArea) {
    return <textarea rows={Math.min(6, Math.max(2, text.split("\n").length))} {...props} />;
  }
  return (
    <>
      <input
        {...props}
        type={isSecret ? "password" : "text"}
        autoComplete="off"
        inputMode={inputMode}
        list={suggestions && suggestions.length > 0 ? listId : undefined}
        onKeyDown={(event) => {
          if (event.key === "Enter") done();
          if (event.key === "Escape") setText(value);
        }}
      />
      {suggestions && suggestions.length > 0 && (
        <datalist id={listId}>
          {suggestions.map((suggestion) => <option key={suggestion} value={suggestion} />)}
        </datalist>
      )}
    </>
  );
}

/** A button that shows a sign alone. */
export function IconButton(
  { label, sign, onClick, isOff = false }: {
    label: string;
    sign: string;
    onClick: () => void;
    isOff?: boolean;
  },
) {
  return (
    <button
      type="button"
      className="icon"
      aria-label={label}
      title={label}
      disabled={isOff}
      onClick={onClick}
    >
      {sign}
    </button>
  );
}

/** Names without underscores, with a capital. */
export function words(name: string): string {
  const text = name.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Sets what stands at a path of the document; undefined removes it. */
export function setValue(label: string, path: ConfigPath, value: unknown): boolean {
  return edit(label, (draft) => setAtPath(draft, path, value));
}
