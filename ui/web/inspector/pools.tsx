/**
 * The pools of a net.
 *
 * @module
 */
import { asObject, objectsIn, type RawObject, valueAt } from "../../../runtime/tools/raw_net.ts";
import { freeName, objectAtPath, setAtPath } from "../../model/document.ts";
import { renamePool } from "../../model/edit_nodes.ts";
import { type FormField, switchVariant, variantOf } from "../../model/form.ts";
import { edit } from "../editing.ts";
import { IconButton, setValue, TextInput } from "../form/field.tsx";
import { FormFields, useFormFields } from "../form/form_fields.tsx";
import { Section } from "../panel.tsx";

/** What most people set about a pool; the rest is further down. */
const BASIC: ReadonlySet<string> = new Set([
  "all_cores",
  "num_processes",
  "num_workers",
  "threads_per_process",
  "token",
  "url",
  "worker_name",
]);

/** All pools, or the default one. */
export function PoolsSection({ net }: { net: RawObject }) {
  const pools = asObject(net.get("pools"));
  const fields = useFormFields("PoolConfig");
  const uses = usesOf(net);
  return (
    <Section title="Pools" count={pools?.size}>
      {!pools && (
        <p className="dim">
          Default: everything runs on the main thread, in pool “main”.
        </p>
      )}
      {[...pools ?? []].map(([name, pool]) => (
        <Pool
          key={name}
          name={name}
          pool={asObject(pool)}
          fields={fields}
          uses={uses.get(name) ?? 0}
        />
      ))}
      <div className="buttons">
        <button type="button" className="add" onClick={addPool}>+ pool</button>
        {pools && (
          <button
            type="button"
            className="quiet"
            onClick={() => setValue("Default pools", ["pools"], undefined)}
          >
            Use the default
          </button>
        )}
      </div>
    </Section>
  );
}

function Pool(
  { name, pool, fields, uses }: {
    name: string;
    pool: RawObject | undefined;
    fields: readonly FormField[];
    uses: number;
  },
) {
  const path = ["pools", name];
  const form = fields.find(({ name }) => name === "spec")?.form;
  if (form?.kind !== "variants") return null;
  const { variants } = form;
  const spec = pool?.get("spec") ?? new Map([["type", "main"]]);
  const at = variantOf(variants, spec);
  const chosen = variants[at]?.form;
  const inner = chosen?.kind === "object" ? chosen.fields : [];
  const [basic, advanced] = [true, false].map((isBasic) =>
    inner.filter(({ name, tag }) => tag === undefined && BASIC.has(name) === isBasic)
  ) as [FormField[], FormField[]];
  return (
    <div className="card">
      <div className="line">
        <TextInput
          label={`Name of pool ${name}`}
          value={name}
          commit={(newName) => edit("Rename pool", (draft) => renamePool(draft, name, newName))}
        />
        <select
          aria-label={`Kind of pool ${name}`}
          className="kind"
          value={at}
          onChange={({ target }) =>
            setValue(
              "Change pool",
              [...path, "spec"],
              switchVariant(spec, variants[Number(target.value)]!.form),
            )}
        >
          {at < 0 && <option value={-1} disabled>unknown</option>}
          {variants.map(({ label }, i) => <option key={label} value={i}>{label}</option>)}
        </select>
        <IconButton
          label={`Remove pool ${name}`}
          sign="×"
          onClick={() => setValue("Remove pool", path, undefined)}
        />
      </div>
      {basic.length > 0 && <FormFields fields={basic} path={[...path, "spec"]} />}
      <details className="more">
        <summary>
          {uses === 0 ? "Used by no node" : `Used by ${uses} ${uses === 1 ? "node" : "nodes"}`}{" "}
          · more settings
        </summary>
        <FormFields fields={advanced} path={[...path, "spec"]} />
        <FormFields fields={fields.filter(({ name }) => name !== "spec")} path={path} />
      </details>
    </div>
  );
}

function addPool(): void {
  edit("Add pool", (draft) => {
    const isFirst = asObject(draft.get("pools")) === undefined;
    const pools = objectAtPath(draft, ["pools"]);
    // A written list replaces the default one, which nodes may rely on.
    if (isFirst) pools.set("main", new Map([["spec", new Map([["type", "main"]])]]));
    const name = freeName("pool", new Set(pools.keys()));
    setAtPath(draft, ["pools", name], new Map([["spec", new Map([["type", "thread"]])]]));
  });
}

/** How many nodes name each pool. */
function usesOf(net: RawObject): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  const visit = (graph: RawObject | undefined): void => {
    for (const node of objectsIn(graph?.get("nodes"))) {
      const pools = valueAt(node, "execution_config", "pools");
      for (const pool of Array.isArray(pools) ? pools : []) {
        uses.set(`${pool}`, (uses.get(`${pool}`) ?? 0) + 1);
      }
      visit(node);
    }
  };
  visit(asObject(net.get("graph")));
  return uses;
}
