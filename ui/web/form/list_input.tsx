/**
 * Lists: words as chips, words out of few as boxes to tick, anything else as cards.
 *
 * @module
 */
// @ts-types="@types/react"
import { useId, useState } from "react";
import { asObject } from "../../../runtime/tools/raw_net.ts";
import { blankOf, type Form, readNumber } from "../../model/form.ts";
import { IconButton, setValue } from "./field.tsx";
import { FormInput, type InputProps } from "./form_input.tsx";
import { useValue } from "./form_fields.tsx";

type ListForm = Extract<Form, { kind: "list" }>;

/** A list of the document. */
export function ListInput(props: InputProps<ListForm>) {
  switch (props.form.item.kind) {
    case "text":
    case "number":
      return <Chips {...props} />;
    case "choice":
      return <Ticks {...props} values={props.form.item.values} />;
    default:
      return <Cards {...props} />;
  }
}

function useList({ path, label }: InputProps) {
  const value = useValue(path);
  return {
    list: Array.isArray(value) ? value as unknown[] : undefined,
    write: (list: unknown[] | undefined) => setValue(`Set ${label.toLowerCase()}`, path, list),
  };
}

/** Words, one behind the other. Those that nothing suggests are marked. */
function Chips(props: InputProps<ListForm>) {
  const { id, form: { item }, label, unset, known } = props;
  const { list, write } = useList(props);
  const [text, setText] = useState("");
  const [error, setError] = useState<string>();
  const listId = useId();
  const add = (typed = text) => {
    setError(undefined);
    const word = typed.trim();
    if (word === "") return;
    const reading = item.kind === "number" ? readNumber(word, item) : { value: word };
    if ("message" in reading) return setError(reading.message);
    if (list?.includes(reading.value)) return setError(`“${word}” is in the list already`);
    if (write([...list ?? [], reading.value])) setText("");
  };
  const left = known?.values.filter((one) => !list?.includes(one)) ?? [];
  return (
    <div className="chips">
      {list === undefined && <span className="dim">{unset}</span>}
      {list?.length === 0 && <span className="dim">none</span>}
      {list?.map((one, i) => {
        const isUnknown = known?.isComplete && !known.values.includes(`${one}`);
        return (
          <span
            key={i}
            className={isUnknown ? "word unknown" : "word"}
            title={isUnknown ? `There is no “${one}”` : undefined}
          >
            {`${one}`}
            <IconButton
              label={`Remove ${one} from ${label.toLowerCase()}`}
              sign="×"
              onClick={() => {
                const rest = list.toSpliced(i, 1);
                write(rest.length === 0 ? undefined : rest);
              }}
            />
          </span>
        );
      })}
      <input
        id={id}
        aria-label={id === undefined ? label : undefined}
        value={text}
        placeholder="add…"
        spellCheck={false}
        autoComplete="off"
        list={left.length > 0 ? listId : undefined}
        onChange={({ target, nativeEvent }) => {
          setText(target.value);
          // A suggestion that was chosen is meant.
          if (!("inputType" in nativeEvent) || nativeEvent.inputType === "insertReplacementText") {
            if (left.includes(target.value)) add(target.value);
          }
        }}
        onBlur={() => add()}
        onKeyDown={(event) => {
          if (event.key === "Enter" || event.key === ",") {
            event.preventDefault();
            add();
          }
          if (event.key === "Escape") setText("");
          if (event.key === "Backspace" && text === "" && list && list.length > 0) {
            write(list.length === 1 ? undefined : list.slice(0, -1));
          }
        }}
      />
      {left.length > 0 && (
        <datalist id={listId}>{left.map((one) => <option key={one} value={one} />)}</datalist>
      )}
      {error && <p className="error" role="alert">{error}</p>}
    </div>
  );
}

/** Words out of few. As long as nothing is given, what then counts is shown. */
function Ticks(props: InputProps<ListForm> & { values: readonly unknown[] }) {
  const { id, label, unset, byDefault, values } = props;
  const { list, write } = useList(props);
  const start = Array.isArray(byDefault) ? byDefault as unknown[] : [];
  return (
    <div className="ticks">
      <select
        id={id}
        aria-label={id === undefined ? label : undefined}
        className={list ? "" : "unset"}
        value={list ? "list" : ""}
        onChange={({ target }) => write(target.value === "" ? undefined : start)}
      >
        <option value="">{unset}</option>
        <option value="list">a list of its own</option>
      </select>
      {list && (
        <div role="group" aria-label={label}>
          {values.map((one) => (
            <label key={`${one}`} className="check">
              <input
                type="checkbox"
                checked={list.includes(one)}
                onChange={({ target }) =>
                  write(
                    values.filter((other) => other === one ? target.checked : list.includes(other)),
                  )}
              />
              {`${one}`.replaceAll("_", " ")}
            </label>
          ))}
        </div>
      )}
    </div>
  );
}

/** Things of several fields. */
function Cards(props: InputProps<ListForm>) {
  const { form: { item }, path, label } = props;
  const { list = [], write } = useList(props);
  return (
    <div className="cards">
      {list.map((one, i) => (
        <div key={i} className={asObject(one) ? "card" : "line"}>
          <FormInput
            form={item}
            path={[...path, i]}
            label={`${label} ${i + 1}`}
            unset="not set"
            isMember
          />
          <IconButton
            label={`Remove ${label.toLowerCase()} ${i + 1}`}
            sign="×"
            onClick={() => write(list.length === 1 ? undefined : list.toSpliced(i, 1))}
          />
        </div>
      ))}
      <button type="button" className="add" onClick={() => write([...list, blankOf(item)])}>
        + {label.toLowerCase()}
      </button>
    </div>
  );
}
