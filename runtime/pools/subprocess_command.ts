/**
 * How a subprocess of a pool is called: flags, permissions, environment.
 *
 * @module
 */
import type { PoolPermissions } from "../schema/pool.ts";
import { activeConfigFile } from "./active_config.ts";
import { grantedPermissions, PERMISSION_KINDS, type PermissionKind } from "./permissions.ts";

/** Hidden command of the compiled program that makes it a subprocess of a pool. */
export const POOL_HOST_COMMAND = "__pool-host";

/** What a subprocess is called with. */
export interface SubprocessSettings {
  readonly permissions: "inherit" | "none" | PoolPermissions;
  readonly env: readonly string[] | null;
  readonly max_heap_mb: number | null;
  readonly projectRoot: string;
  /** Port that it has to reach. */
  readonly port: number;
}

/** How to call it. */
export interface SubprocessCommand {
  readonly program: string;
  readonly args: string[];
  readonly env: Record<string, string>;
  /** Whether it gets nothing of the environment but `env`. */
  readonly clearEnv: boolean;
  /** What its Workers may do, if it takes no flags itself. */
  readonly workerPermissions: Partial<Record<PermissionKind, boolean | string[]>> | null;
}

type Grants = Record<PermissionKind, boolean | string[]>;

/** Finds out how to call a subprocess. */
export async function subprocessCommand(
  settings: SubprocessSettings,
): Promise<SubprocessCommand> {
  const { permissions, projectRoot, port, max_heap_mb } = settings;
  const grants = permissions === "inherit"
    ? await heldPermissions(projectRoot)
    : grantedPermissions(permissions, projectRoot);
  const address = `127.0.0.1:${port}`;
  if (grants.net !== true) {
    grants.net = [...Array.isArray(grants.net) ? grants.net : [], address];
  }
  const environment = handedOn(settings, grants);
  if (isStandalone()) {
    const isWhole = PERMISSION_KINDS.every((kind) => grants[kind] === true);
    return {
      program: Deno.execPath(),
      args: [POOL_HOST_COMMAND],
      ...environment,
      workerPermissions: isWhole ? null : grants,
    };
  }
  const config = activeConfigFile();
  return {
    program: Deno.execPath(),
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      ...config === undefined ? [] : ["--config", config],
      ...permissionFlags(grants),
      ...max_heap_mb === null ? [] : [`--v8-flags=--max-old-space-size=${max_heap_mb}`],
      new URL("./subprocess_main.ts", import.meta.url).href,
    ],
    ...environment,
    workerPermissions: null,
  };
}

/** Whether this is a compiled program, which takes none of Deno's flags. */
function isStandalone(): boolean {
  return (Deno.build as { standalone?: boolean }).standalone === true;
}

/** The kinds of permissions that this process holds as a whole: others cannot be handed on. */
async function heldPermissions(projectRoot: string): Promise<Grants> {
  const grants = grantedPermissions("none", projectRoot);
  for (const name of PERMISSION_KINDS) {
    const { state } = await Deno.permissions.query({ name } as Deno.PermissionDescriptor);
    if (state === "granted") grants[name] = true;
  }
  return grants;
}

function permissionFlags(grants: Grants): string[] {
  if (PERMISSION_KINDS.every((kind) => grants[kind] === true)) return ["--allow-all"];
  return PERMISSION_KINDS.flatMap((kind) => {
    const value = grants[kind];
    if (value === true) return [`--allow-${kind}`];
    return Array.isArray(value) && value.length > 0
      ? [`--allow-${kind}=${value.map((item) => item.replaceAll(",", ",,")).join(",")}`]
      : [];
  });
}

/** What Deno itself needs of the environment. */
const denoVariables =
  /^(?:PATH|HOME|USERPROFILE|SYSTEMROOT|TEMP|TMP|TMPDIR|LANG|NO_COLOR|JSR_URL|DENO_\w+|NPM_CONFIG_\w+|SSL_CERT_\w+|(?:HTTP|HTTPS|NO|ALL)_PROXY)$/i;

/** The environment that is handed on. */
function handedOn(
  { permissions, env }: SubprocessSettings,
  grants: Grants,
): Pick<SubprocessCommand, "env" | "clearEnv"> {
  let own: Record<string, string>;
  try {
    own = Deno.env.toObject();
  } catch {
    // It may not be read: what the subprocess sees of it is what its permissions say.
    return { env: {}, clearEnv: false };
  }
  if (env === null && (permissions === "inherit" || grants.env === true)) {
    return { env: {}, clearEnv: false };
  }
  const names = new Set(env ?? (Array.isArray(grants.env) ? grants.env : []));
  return {
    env: Object.fromEntries(
      Object.entries(own).filter(([name]) => names.has(name) || denoVariables.test(name)),
    ),
    clearEnv: true,
  };
}
