/**
 * The term of a salvo condition: as text, or built piece by piece.
 *
 * @module
 */
// @ts-types="@types/react"
import { useEffect, useState } from "react";
import type { RawObject } from "../../../runtime/tools/raw_net.ts";
import type { ConfigPath } from "../../model/document.ts";
import { parseTerm, printTerm } from "../../model/term_text.ts";
import { Field, setValue } from "../form/field.tsx";
import { useValue } from "../form/form_fields.tsx";
import { JsonInput } from "../form/json_input.tsx";
import { TermTree } from "./term_tree.tsx";

const ALWAYS: RawObject = new Map([["type", "true"]]);

/** A term at a path of the document. */
export function TermEditor(
  { path, ports, ready }: {
    path: ConfigPath;
    ports: readonly string[];
    /** The term that holds once all ports are ready. */
    ready: () => RawObject;
  },
) {
  const term = useValue(path);
  const [isTree, setTree] = useState(false);
  const printed = printTerm(term);
  if (printed === undefined) {
    return (
      <Field label="Term, with references" isWide>
        {(id) => (
          <JsonInput
            id={id}
            value={term}
            write={(value) => value instanceof Map && setValue("Change term", path, value)}
          />
        )}
      </Field>
    );
  }
  const isReady = printed === printTerm(ready());
  const kind = isReady ? "ready" : printed === "true" ? "always" : "custom";
  return (
    <div className="term-editor">
      <div className="line">
        <select
          aria-label="When it holds"
          value={kind}
          onChange={({ target }) => {
            if (target.value === "ready") setValue("Change term", path, ready());
            if (target.value === "always") setValue("Change term", path, ALWAYS);
          }}
        >
          <option value="ready">all ports ready</option>
          {(!isReady || printed !== "true") && <option value="always">always</option>}
          <option value="custom" disabled>custom</option>
        </select>
        <div className="segments small" role="radiogroup" aria-label="How the term is shown">
          {[false, true].map((tree) => (
            <button
              key={`${tree}`}
              type="button"
              role="radio"
              aria-checked={tree === isTree}
              onClick={() => setTree(tree)}
            >
              {tree ? "Tree" : "Text"}
            </button>
          ))}
        </div>
      </div>
      {isTree
        ? <TermTree path={path} ports={ports} />
        : <TermText path={path} printed={printed} ports={ports} />}
    </div>
  );
}

/** A term as text; where it cannot be read is underlined. */
function TermText(
  { path, printed, ports }: { path: ConfigPath; printed: string; ports: readonly string[] },
) {
  const [text, setText] = useState(printed);
  useEffect(() => setText(printed), [printed]);
  const reading = parseTerm(text, ports);
  const mistake = "message" in reading ? reading : undefined;
  const commit = () => {
    if (text !== printed && "term" in reading) setValue("Change term", path, reading.term);
  };
  return (
    <Field label="Term" error={mistake?.message} isWide>
      {(id) => (
        <div className="term">
          <div className="underlay" aria-hidden="true">
            {mistake
              ? (
                <>
                  {text.slice(0, mistake.start)}
                  <mark>{text.slice(mistake.start, mistake.end) || " "}</mark>
                  {text.slice(mistake.end)}
                </>
              )
              : text}
            {" "}
          </div>
          <textarea
            id={id}
            rows={1}
            value={text}
            spellCheck={false}
            aria-invalid={mistake !== undefined}
            onChange={({ target }) => setText(target.value.replaceAll("\n", " "))}
            onBlur={commit}
            onKeyDown={(event) => {
              if (event.key === "Escape") setText(printed);
              if (event.key !== "Enter") return;
              event.preventDefault();
              commit();
            }}
          />
        </div>
      )}
    </Field>
  );
}
