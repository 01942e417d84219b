/**
 * Any data as JSON.
 *
 * @module
 */
// @ts-types="@types/react"
import { useEffect, useState } from "react";
import { readJson } from "../../../runtime/schema/text/read_json.ts";
import { TextProblems } from "../../../runtime/schema/text/text_problems.ts";
import { writeJson } from "../../../runtime/schema/text/write_json.ts";

/** Data as JSON. Text that is none stays as it was typed, with what is wrong with it. */
export function JsonInput(
  { id, value, placeholder, write, label }: {
    id?: string | undefined;
    value: unknown;
    placeholder?: string | undefined;
    write: (value: unknown) => void;
    label?: string | undefined;
  },
) {
  const written = value === undefined || value === null ? "" : writeJson(value, "  ").trimEnd();
  const [text, setText] = useState(written);
  const [error, setError] = useState<string>();
  useEffect(() => setText(written), [written]);
  const commit = () => {
    setError(undefined);
    if (text === written) return;
    if (text.trim() === "") return write(undefined);
    try {
      write(readJson(text, new TextProblems(text, undefined)));
    } catch (error) {
      setError(error instanceof Error ? error.message : `${error}`);
    }
  };
  return (
    <>
      <textarea
        id={id}
        aria-label={label}
        aria-invalid={error !== undefined}
        className="json"
        rows={Math.min(10, Math.max(1, text.split("\n").length))}
        value={text}
        placeholder={placeholder}
        spellCheck={false}
        onChange={({ target }) => setText(target.value)}
        onBlur={commit}
      />
      {error && <p className="error" role="alert">{error}</p>}
    </>
  );
}
