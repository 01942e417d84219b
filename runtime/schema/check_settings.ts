/**
 * Checking pools, and limits that several nodes share.
 *
 * @module
 */
import type { CheckedNode } from "./checked_graph.ts";
import { isReference } from "./field.ts";
import { Hints } from "./hints.ts";
import type { ConfigIssue } from "./issue.ts";
import type { NetConfigData } from "./net.ts";
import type { Place } from "./place.ts";

/** Reports pools that cannot be made, and names of pools that do not exist. */
export function checkPools(
  net: NetConfigData,
  nodes: readonly CheckedNode[],
  place: Place,
  workerPermissions: boolean,
  issues: ConfigIssue[],
): void {
  for (const [name, { spec }] of net.pools ?? []) {
    const at = place.at("pools", name, "spec");
    if (spec.type === "remote" && spec.url === null) {
      const message = `pool "${name}" needs the \`url\` of a server, such as "ws://127.0.0.1:8765"`;
      issues.push(at.at("url").issue("remote_pool_incomplete", message));
    }
    if (spec.type === "thread" && spec.permissions !== "inherit" && !workerPermissions) {
      issues.push(
        at.at("permissions").issue(
          "permissions_unsupported",
          `pool "${name}" cannot restrict its Workers here: set \`permissions = "inherit"\`, use ` +
            'type "multiprocess", or run with --unstable-worker-options and NETRUN_WORKER_OPTIONS=1',
        ),
      );
    }
  }
  const hints = new Hints();
  const known = new Set(["main", ...net.pools?.keys() ?? []]);
  checkNames(net.default_pools, known, hints, "the net", place.at("default_pools"), issues);
  for (const { tree, name } of nodes) {
    const pools = tree.config.execution_config?.pools ?? null;
    checkNames(
      pools,
      known,
      hints,
      `node "${name}"`,
      tree.place.at("execution_config", "pools"),
      issues,
    );
  }
}

function checkNames(
  names: unknown,
  known: ReadonlySet<string>,
  hints: Hints,
  owner: string,
  place: Place,
  issues: ConfigIssue[],
): void {
  if (!Array.isArray(names)) return;
  names.forEach((name: string, i) => {
    if (known.has(name)) return;
    const hint = hints.text(name, [...known], "there are", "there are none");
    const message = `${owner} names pool "${name}", which does not exist; ${hint}`;
    issues.push(place.at(i).issue("unknown_pool", message));
  });
}

/** Reports groups whose members state different rates. */
export function checkRateGroups(nodes: readonly CheckedNode[], issues: ConfigIssue[]): void {
  const rates = new Map<string, { rate: number; node: string }>();
  for (const { tree, name, execution } of nodes) {
    const group = execution?.rate_limit_group ?? null;
    const rate = execution?.rate_limit_per_second ?? null;
    if (group === null || rate === null || isReference(group) || isReference(rate)) continue;
    const first = rates.get(group);
    if (first === undefined) {
      rates.set(group, { rate, node: name });
    } else if (first.rate !== rate) {
      issues.push(
        tree.place.at("execution_config", "rate_limit_group").issue(
          "rate_group_conflict",
          `nodes of rate limit group "${group}" must have one rate: "${first.node}" has ` +
            `${first.rate} a second, "${name}" has ${rate}`,
        ),
      );
    }
  }
}
