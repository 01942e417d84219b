/**
 * Keys of older releases and what they are called now.
 *
 * @module
 */
import { isRecord } from "./field.ts";
import { edgeConfigSchema } from "./graph.ts";
import { netConfigSchema } from "./net.ts";
import { nodeExecutionConfigSchema } from "./node.ts";
import { type ObjectPlan, planOf } from "./plan.ts";

/** Takes a remark about a key of the object. */
export type ReportKey = (
  key: string,
  code: string,
  message: string,
  severity: "error" | "warning",
) => void;

type Upgrade = (data: Record<string, unknown>, report: ReportKey) => Record<string, unknown>;

const upgrades = new Map<unknown, Upgrade>([
  [planOf(netConfigSchema), (data, report) => {
    const renamed = rename(data, { project_root: "project_root_override" }, report);
    return moveCache(renamed, report);
  }],
  [planOf(nodeExecutionConfigSchema), (data, report) => {
    const renamed = rename(data, {
      defer_startup: "defer_init",
      run_on_startup: "run_on_init",
      start_node_func: "init_node_func",
      stop_node_func: "close_node_func",
    }, report);
    return moveCache(renamed, report);
  }],
  [planOf(edgeConfigSchema), upgradeEdge],
]);

/**
 * The object with the keys of today.
 *
 * @param plan Which object it is.
 * @param data The object; it is not changed.
 * @param report Gets a warning for every old key, and an error where one cannot be understood.
 */
export function upgradeKeys(
  plan: ObjectPlan,
  data: Record<string, unknown>,
  report: ReportKey,
): Record<string, unknown> {
  return upgrades.get(plan)?.(data, report) ?? data;
}

function warn(report: ReportKey, key: string, modern: string, isBoth: boolean): void {
  const message = isBoth
    ? `"${key}" is the old name of "${modern}", which is given too and counts: remove "${key}"`
    : `"${key}" is the old name of "${modern}": use that`;
  report(key, "deprecated_key", message, "warning");
}

function rename(
  data: Record<string, unknown>,
  names: Readonly<Record<string, string>>,
  report: ReportKey,
): Record<string, unknown> {
  if (!Object.keys(names).some((key) => Object.hasOwn(data, key))) return data;
  const entries: [string, unknown][] = [];
  for (const [key, value] of Object.entries(data)) {
    const modern = Object.hasOwn(names, key) ? names[key] : undefined;
    if (modern === undefined) {
      entries.push([key, value]);
      continue;
    }
    const isBoth = Object.hasOwn(data, modern);
    warn(report, key, modern, isBoth);
    if (!isBoth) entries.push([modern, value]);
  }
  return Object.fromEntries(entries);
}

/** The cache stands under `storage` now. */
function moveCache(data: Record<string, unknown>, report: ReportKey): Record<string, unknown> {
  if (!Object.hasOwn(data, "cache")) return data;
  const { cache, ...rest } = data;
  const { storage = null } = rest;
  const block = storage instanceof Map ? Object.fromEntries(storage) : storage;
  if (block !== null && !isRecord(block)) return rest;
  const isBoth = block !== null && Object.hasOwn(block, "cache");
  warn(report, "cache", "storage.cache", isBoth);
  return isBoth ? rest : { ...rest, storage: { ...block, cache } };
}

function upgradeEdge(edge: Record<string, unknown>, report: ReportKey): Record<string, unknown> {
  let upgraded = edge;
  for (const end of ["source", "target"] as const) {
    const text = `${end}_str`;
    if (Object.hasOwn(upgraded, text)) {
      const { [text]: value, ...rest } = upgraded;
      upgraded = { ...splitEnd(end, value, report), ...rest };
    }
    const value = toRecord(upgraded[end]);
    if (isRecord(value)) {
      const { [end]: _, ...rest } = upgraded;
      warn(report, end, `${end}_node" and "${end}_port`, Object.hasOwn(rest, `${end}_node`));
      const names = { [`${end}_node`]: value.node_name, [`${end}_port`]: value.port_name };
      upgraded = { ...names, ...rest };
    }
  }
  return upgraded;
}

function toRecord(value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value;
}

function splitEnd(end: string, value: unknown, report: ReportKey): Record<string, string> {
  const parts = typeof value === "string" ? value.split(".") : [];
  if (parts.length === 2) {
    warn(report, `${end}_str`, `${end}_node" and "${end}_port`, false);
  } else {
    report(
      `${end}_str`,
      "type",
      `must be "NODE.PORT" with one dot, got ${JSON.stringify(value)}: ` +
        `use "${end}_node" and "${end}_port"`,
      "error",
    );
  }
  return { [`${end}_node`]: parts[0] ?? "", [`${end}_port`]: parts[1] ?? "" };
}
