/**
 * Checking what a node stores and where.
 *
 * @module
 */
import type { CheckedNode } from "./checked_graph.ts";
import type { Hints } from "./hints.ts";
import type { ConfigIssue } from "./issue.ts";
import type { NetConfigData } from "./net.ts";
import type { Place } from "./place.ts";
import type { NodeFileStorageConfig, OutputNames } from "./file_storage.ts";

/** Serializations by name; false where this system cannot work with them. */
const SERIALIZATIONS: Readonly<Record<string, boolean>> = {
  structured: true,
  pickle: true,
  json: true,
  str: true,
  binary: true,
  msgpack: true,
  safetensors: true,
  numpy: true,
  pandas_csv: true,
  polars_csv: true,
  pandas_parquet: false,
  polars_parquet: false,
  feather: false,
  torch: false,
};

/** Compressions by name; false where this system cannot work with them. */
const COMPRESSIONS: Readonly<Record<string, boolean>> = {
  gzip: true,
  zlib: true,
  zstd: true,
  brotli: true,
  lz4: true,
  bz2: false,
  lzma: false,
};

/** Reports what is wrong with a node's file storage. */
export function checkNodeStorage(
  node: CheckedNode,
  net: NetConfigData,
  hints: Hints,
  issues: ConfigIssue[],
): void {
  const storage = node.execution?.storage?.file_storage ?? null;
  if (storage === null || storage.enabled === false) return;
  const place = node.tree.place.at("execution_config", "storage", "file_storage");
  checkBackend(node, storage, { net, hints }, place, issues);
  checkName(
    storage.serialization,
    SERIALIZATIONS,
    { field: "serialization", hints },
    place,
    issues,
  );
  checkName(storage.compression, COMPRESSIONS, { field: "compression", hints }, place, issues);
  const names = storage.output_names;
  if (names instanceof Map) checkOutputNames(node, names, place.at("output_names"), issues);
  if (node.tree.streams) {
    issues.push(
      node.tree.place.at("execution_config", "storage").issue(
        "storage_conflict",
        `node "${node.name}" streams, so its outputs are gone before they could be stored: ` +
          "remove `file_storage` or set `stream = false`",
      ),
    );
  }
}

function checkBackend(
  node: CheckedNode,
  { backend }: NodeFileStorageConfig,
  { net, hints }: { net: NetConfigData; hints: Hints },
  place: Place,
  issues: ConfigIssue[],
): void {
  const names = [...net.storage?.backends.keys() ?? []];
  if (typeof backend !== "string" || names.includes(backend)) return;
  const hint = hints.text(backend, names, "there are", "`storage.backends` of the net is empty");
  const message =
    `node "${node.name}" stores to backend "${backend}", which does not exist; ${hint}`;
  issues.push(place.at("backend").issue("unknown_backend", message));
}

function checkName(
  name: unknown,
  known: Readonly<Record<string, boolean>>,
  { field, hints }: { field: "serialization" | "compression"; hints: Hints },
  place: Place,
  issues: ConfigIssue[],
): void {
  if (typeof name !== "string" || (Object.hasOwn(known, name) && known[name])) return;
  const usable = Object.keys(known).filter((key) => known[key]);
  const why = Object.hasOwn(known, name) ? "cannot be used here" : "does not exist";
  const hint = hints.text(name, usable, "there are", "there are none");
  const message = `${field} "${name}" ${why}; ${hint}`;
  issues.push(place.at(field).issue(`unsupported_${field}`, message));
}

function checkOutputNames(
  node: CheckedNode,
  names: OutputNames,
  place: Place,
  issues: ConfigIssue[],
): void {
  const report = (at: Place, message: string) => issues.push(at.issue("storage_names", message));
  const conditions = node.config.out_salvo_conditions;
  for (const [salvo, ports] of names) {
    const condition = conditions?.get(salvo);
    if (node.outPorts === undefined || conditions === null) continue;
    if (condition === undefined) {
      report(place.at(salvo), `node "${node.name}" has no output condition "${salvo}"`);
      continue;
    }
    const used = new Map<string, string>();
    for (const port of condition.ports.keys()) {
      const base = ports.get(port) ?? port;
      const other = used.get(base);
      if (other !== undefined) {
        const at = place.at(salvo, ports.has(port) ? port : other);
        report(at, `files of ports "${other}" and "${port}" would both be called "${base}"`);
      }
      used.set(base, port);
    }
    for (const port of ports.keys()) {
      if (condition.ports.has(port)) continue;
      report(place.at(salvo, port), `condition "${salvo}" sends nothing by a port "${port}"`);
    }
  }
}
