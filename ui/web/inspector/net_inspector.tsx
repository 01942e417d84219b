/**
 * The inspector of the net itself.
 *
 * @module
 */
import { asObject } from "../../../runtime/tools/raw_net.ts";
import { valueAtPath } from "../../model/document.ts";
import { ActionsSection } from "../action_panel.tsx";
import { Field, setValue, TextInput } from "../form/field.tsx";
import { ObjectFields } from "../form/form_fields.tsx";
import { Panel, Section } from "../panel.tsx";
import { RecipesSection } from "../recipes.tsx";
import { type Tab, useStudio } from "../studio.ts";
import { PoolsSection } from "./pools.tsx";
import { QueuesSection } from "./queues.tsx";
import { NetStorageSection } from "./storage.tsx";
import { VariablesOfNodes, VariablesSection } from "./variables.tsx";

const UI = ["graph", "extra", "ui"];

/** What has a section of its own, or is no setting. */
const ELSEWHERE = [
  "extra",
  "graph",
  "node_vars",
  "output_queues",
  "pools",
  "project_root_override",
  "recipes",
  "storage",
];

/** Everything that is not about one node. */
export function NetInspector({ tab }: { tab: Tab }) {
  const { data } = tab.history;
  const root = useStudio(({ root }) => root);
  return (
    <Panel title="Net">
      <fieldset className="fields">
        <UiText name="name" label="Name" data={data} />
        <UiText name="description" label="Description" data={data} isArea />
        <ProjectRoot tab={tab} root={root} />
      </fieldset>
      <PoolsSection net={data} />
      <QueuesSection net={data} />
      <VariablesSection tab={tab} path={["node_vars"]} />
      <VariablesOfNodes tab={tab} />
      <Section title="Settings">
        <ObjectFields object="NetConfig" path={[]} without={ELSEWHERE} />
      </Section>
      <NetStorageSection />
      <ActionsSection tab={tab} path={[...UI, "actions"]} />
      <RecipesSection tab={tab} />
      <Section title="Look">
        <fieldset className="fields">
          <UiChoice
            name="edgeStyle"
            label="Edge style"
            options={["smoothstep", "straight", "step", "default"]}
            data={data}
          />
          <UiChoice
            name="edgeMarkers"
            label="Edge markers"
            options={["arrow-end", "arrow-start", "arrow-both", "none"]}
            data={data}
          />
          {NUMBERS.map(([name, label, byDefault]) => (
            <UiText key={name} name={name} label={label} data={data} byDefault={byDefault} />
          ))}
        </fieldset>
      </Section>
    </Panel>
  );
}

const NUMBERS = [
  ["minZoom", "Least zoom", "0.05"],
  ["maxZoom", "Most zoom", "4"],
  ["nodeTitleFontSize", "Size of names", "12"],
  ["nodeDescFontSize", "Size of descriptions", "10"],
  ["nodePortFontSize", "Size of ports", "11"],
] as const;

interface UiProps {
  name: string;
  label: string;
  data: Tab["history"]["data"];
}

/** A text or number among the settings of the editor. */
function UiText(
  { name, label, data, isArea = false, byDefault }: UiProps & {
    isArea?: boolean;
    byDefault?: string;
  },
) {
  const value = asObject(valueAtPath(data, UI))?.get(name);
  return (
    <Field label={label} isWide={isArea}>
      {(id) => (
        <TextInput
          id={id}
          isArea={isArea}
          value={`${value ?? ""}`}
          placeholder={byDefault}
          inputMode={byDefault === undefined ? undefined : "decimal"}
          commit={(text) => {
            const number = Number(text);
            if (byDefault !== undefined && !(number >= 0)) return false;
            const next = text === "" ? undefined : byDefault === undefined ? text : number;
            setValue(`Set ${label.toLowerCase()}`, [...UI, name], next);
          }}
        />
      )}
    </Field>
  );
}

function UiChoice({ name, label, options, data }: UiProps & { options: readonly string[] }) {
  const value = `${asObject(valueAtPath(data, UI))?.get(name) ?? ""}`;
  return (
    <Field label={label}>
      {(id) => (
        <select
          id={id}
          className={value === "" ? "unset" : ""}
          value={value}
          onChange={({ target }) =>
            setValue(
              `Set ${label.toLowerCase()}`,
              [...UI, name],
              target.value === "" ? undefined : target.value,
            )}
        >
          <option value="">{options[0]} (default)</option>
          {options.slice(1).map((option) => <option key={option}>{option}</option>)}
        </select>
      )}
    </Field>
  );
}

/** Where relative paths and modules start, with what that comes to. */
function ProjectRoot({ tab, root }: { tab: Tab; root: string }) {
  const value = tab.history.data.get("project_root_override");
  const text = typeof value === "string" ? value : "";
  const folder = tab.path?.includes("/") ? `/${tab.path.slice(0, tab.path.lastIndexOf("/"))}` : "";
  const resolved = new URL(`${text === "" ? "." : text}/`, `file://${root}${folder}/`).pathname;
  return (
    <Field label="Project root">
      {(id) => (
        <>
          <TextInput
            id={id}
            value={text}
            placeholder="folder of the file"
            commit={(text) =>
              void setValue(
                "Set project root",
                ["project_root_override"],
                text === "" ? undefined : text,
              )}
          />
          <small className="path" title={decodeURI(resolved)}>{decodeURI(resolved)}</small>
        </>
      )}
    </Field>
  );
}
