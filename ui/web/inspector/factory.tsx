/**
 * The factory of a node: its arguments, and what it makes of them.
 *
 * @module
 */
import { asObject, type RawObject } from "../../../runtime/tools/raw_net.ts";
import type { DrawnNode } from "../../model/graph_view.ts";
import { factoryKey, forgetFactories } from "../factory_ports.ts";
import { type FactoryInfo, useFactoryInfo } from "../factory_info.ts";
import { Field, setValue, TextInput } from "../form/field.tsx";
import { FormFields } from "../form/form_fields.tsx";
import { JsonInput } from "../form/json_input.tsx";
import { Section } from "../panel.tsx";
import { type Tab, useStudio } from "../studio.ts";

/** What makes a node, of what. */
export function FactorySection(
  { tab, node, data }: { tab: Tab; node: DrawnNode; data: RawObject },
) {
  const ref = `${data.get("factory")}`;
  const info = useFactoryInfo(tab, ref);
  const made = useStudio(({ made }) => made.get(factoryKey(data) ?? ""));
  const path = [...node.path, "factory_args"];
  const args = asObject(data.get("factory_args"));
  return (
    <Section title="Factory" isOpen>
      <Field label="Module" hint={info?.description}>
        {(id) => (
          <TextInput
            id={id}
            value={ref}
            commit={(ref) =>
              void setValue("Set factory", [...node.path, "factory"], ref === "" ? undefined : ref)}
          />
        )}
      </Field>
      {info?.description && <Description text={info.description} />}
      <Arguments info={info} args={args} path={path} />
      <Preview made={made ?? (info?.error === undefined ? undefined : { error: info.error })} />
      <div className="buttons">
        <button
          type="button"
          className="quiet"
          title="Ask the factory again"
          onClick={forgetFactories}
        >
          Refresh
        </button>
        {args && args.size > 0 && (
          <button
            type="button"
            className="quiet"
            onClick={() => setValue("Reset arguments", path, undefined)}
          >
            Reset arguments
          </button>
        )}
      </div>
    </Section>
  );
}

/** The first sentences; the rest on demand. */
function Description({ text }: { text: string }) {
  const [first = "", ...rest] = text.split("\n\n").map(withCode);
  if (rest.length === 0) return <p className="dim">{first}</p>;
  return (
    <details className="more">
      <summary>{first}</summary>
      {rest.map((text, i) => <p key={i} className="dim">{text}</p>)}
    </details>
  );
}

/** Text in which code stands between backticks. */
function withCode(text: string) {
  return text.split("`").map((part, i) => i % 2 === 0 ? part : <code key={i}>{part}</code>);
}

function Arguments(
  { info, args, path }: {
    info: FactoryInfo | undefined;
    args: RawObject | undefined;
    path: (string | number)[];
  },
) {
  if (info === undefined) return <p className="dim">Asking what it takes…</p>;
  const { fields } = info;
  const known = new Set(fields?.map(({ name }) => name));
  const others = [...args?.keys() ?? []].filter((name) => !known.has(name));
  return (
    <>
      {fields && <FormFields fields={fields} path={path} />}
      {fields?.length === 0 && others.length === 0 && <p className="dim">It takes no arguments.</p>}
      {(!fields || others.length > 0) && (
        <Field label={fields ? "All arguments" : "Arguments"} isWide>
          {(id) => (
            <>
              <JsonInput
                id={id}
                value={args}
                placeholder="{}"
                write={(value) => setValue("Set arguments", path, value)}
              />
              {fields && <p className="warning">It does not know {others.join(", ")}.</p>}
            </>
          )}
        </Field>
      )}
    </>
  );
}

/** The ports that come of the arguments, or what is wrong with these. */
function Preview({ made }: { made: PreviewResult }) {
  if (made === undefined) {
    return <p className="preview dim" role="status">Looking for its ports…</p>;
  }
  if ("error" in made) {
    return <p className="preview error" role="alert">{made.error}</p>;
  }
  const names = (ports: readonly { name: string }[]) => ports.map(({ name }) => name).join(", ");
  return (
    <p className="preview" role="status">
      <span>{names(made.inPorts) || "no input"}</span>
      <span aria-hidden="true">→</span>
      <span>{names(made.outPorts) || "no output"}</span>
    </p>
  );
}

type PreviewResult =
  | { readonly error: string }
  | {
    readonly inPorts: readonly { name: string }[];
    readonly outPorts: readonly { name: string }[];
  }
  | undefined;
