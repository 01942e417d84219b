/**
 * Pools: what runs the functions of nodes.
 *
 * @module
 */
import * as z from "zod";
import {
  bool,
  choice,
  type CrossCheck,
  float,
  int,
  object,
  objectOr,
  oneOf,
  refined,
  str,
  v,
} from "./field.ts";
import type { VarRef, Written } from "./reference.ts";

/** One kind of permission: all of it, none, or what is listed. */
export type PermissionValue = boolean | string[];

/** What the code of a pool may do. */
export interface PoolPermissions {
  /** Reading files. */
  read?: PermissionValue | undefined;
  /** Writing files. */
  write?: PermissionValue | undefined;
  /** Opening connections. */
  net?: PermissionValue | undefined;
  /** Reading environment variables. */
  env?: PermissionValue | undefined;
  /** Starting programs. */
  run?: PermissionValue | undefined;
  /** Loading native libraries. */
  ffi?: PermissionValue | undefined;
  /** Asking about the system. */
  sys?: PermissionValue | undefined;
  /** Importing remote modules. */
  import?: PermissionValue | undefined;
}

/** What every pool with workers has. */
export interface WorkerPoolOptions<Ref = VarRef> {
  /** Jobs that run at once on a worker. */
  max_jobs_per_worker: number | Ref;
  /** Jobs sent to a worker ahead of their start; `auto` fits it to their duration. */
  prefetch: number | "auto" | Ref;
  /** Seconds within which a worker must be ready. */
  start_timeout: number | Ref;
  /** Seconds that workers get to finish on close. */
  close_timeout: number | Ref;
  /** Restarts of a worker allowed in 60 seconds. */
  max_restarts: number | Ref;
  /** Largest message in bytes. */
  max_message_size: number | Ref;
  /** Use as many workers as there are cores; not beside a count. */
  all_cores: boolean;
}

/** Runs nodes on the main thread. */
export interface MainPoolSpec {
  /** Tag. */
  type: "main";
}

/** Runs nodes in Workers. */
export interface ThreadPoolSpec<Ref = VarRef> extends WorkerPoolOptions<Ref> {
  /** Tag. */
  type: "thread";
  /** Number of Workers. */
  num_workers: number | Ref;
  /** What the code may do. */
  permissions: "inherit" | "none" | PoolPermissions;
}

/** Runs nodes in Workers of subprocesses. */
export interface MultiprocessPoolSpec<Ref = VarRef> extends WorkerPoolOptions<Ref> {
  /** Tag. */
  type: "multiprocess";
  /** Number of subprocesses. */
  num_processes: number | Ref;
  /** Number of Workers in each of them. */
  threads_per_process: number | Ref;
  /** What the code may do. */
  permissions: "inherit" | "none" | PoolPermissions;
  /** Names of the environment variables handed on; null hands on what `permissions` grants. */
  env: string[] | null;
  /** Limit of a subprocess's heap in MB. */
  max_heap_mb: number | Ref | null;
  /** Take the console output of subprocesses instead of letting it through. */
  redirect_output: boolean | Ref;
  /** Keep redirected output for `onOutput`. */
  buffer_output: boolean | Ref;
  /** Seconds between deliveries of output. */
  output_flush_interval: number | Ref;
}

/** Runs nodes on another machine. */
export interface RemotePoolSpec<Ref = VarRef> extends WorkerPoolOptions<Ref> {
  /** Tag. */
  type: "remote";
  /** WebSocket address of the server. */
  url: string | Ref | null;
  /** Name under which the server offers its workers; null means `execution_manager`. */
  worker_name: string | Ref | null;
  /** Number of subprocesses asked of the server. */
  num_processes: number | Ref;
  /** Number of Workers in each of them. */
  threads_per_process: number | Ref;
  /** Bearer token. */
  token: string | Ref | null;
  /** PEM file of a certificate authority. */
  ca_cert: string | Ref | null;
  /** Seconds of silence after which the other side is asked whether it lives. */
  heartbeat_interval: number | Ref;
  /** Seconds without a sign of life after which the connection counts as lost. */
  heartbeat_timeout: number | Ref;
  /** Connect again after a loss. */
  reconnect: boolean | Ref;
  /** What to do if the server's code differs from ours. */
  code_check: "warn" | "refuse" | "off";
}

/** What a pool consists of, by `type`. */
export type PoolSpec<Ref = VarRef> =
  | MainPoolSpec
  | ThreadPoolSpec<Ref>
  | MultiprocessPoolSpec<Ref>
  | RemotePoolSpec<Ref>;

/** What may be written for a {@linkcode PoolSpec}. */
export type PoolSpecInput =
  | MainPoolSpec
  | { /** Tag. */ type: "thread" } & Written<ThreadPoolSpec, "type">
  | { /** Tag. */ type: "multiprocess" } & Written<MultiprocessPoolSpec, "type">
  | { /** Tag. */ type: "remote" } & Written<RemotePoolSpec, "type">;

/** A pool of workers. */
export interface PoolConfig<Ref = VarRef> {
  /** What it consists of. */
  spec: PoolSpec<Ref>;
  /** Seconds between deliveries of what nodes print that leave theirs at its default. */
  print_flush_interval: number | Ref;
  /** Whether what functions write to the console of a worker joins their logs. */
  capture_prints: boolean | Ref;
}

/** What may be written for a {@linkcode PoolConfig}. */
export interface PoolConfigInput extends Written<PoolConfig, "spec"> {
  /** What it consists of. */
  spec?: PoolSpecInput | undefined;
}

const permission: z.ZodType<PermissionValue, PermissionValue> = choice(
  [bool, z.array(str)],
  (value) => Array.isArray(value) ? 1 : 0,
);

const poolPermissions = object("PoolPermissions", "What the code of a pool may do.", {
  read: permission.optional().describe("Reading files."),
  write: permission.optional().describe("Writing files."),
  net: permission.optional().describe("Opening connections."),
  env: permission.optional().describe("Reading environment variables."),
  run: permission.optional().describe("Starting programs."),
  ffi: permission.optional().describe("Loading native libraries."),
  sys: permission.optional().describe("Asking about the system."),
  import: permission.optional().describe("Importing remote modules."),
});

const permissions = objectOr(poolPermissions, oneOf("inherit", "none")).default("inherit")
  .describe("What the code may do.");

const workerCount = v(int({ min: 1 })).default(1);

const workerPoolOptions = {
  max_jobs_per_worker: v(int({ min: 1 })).default(1).describe("Jobs that run at once on a worker."),
  prefetch: v(choice(
    [int({ min: 0, max: 63 }), z.literal("auto")],
    (value) => typeof value === "string" && !/^\d+$/.test(value) ? 1 : 0,
  )).default("auto").describe(
    "Jobs sent to a worker ahead of their start; `auto` fits it to their duration.",
  ),
  start_timeout: v(float({ above: 0 })).default(30).describe(
    "Seconds within which a worker must be ready.",
  ),
  close_timeout: v(float({ min: 0 })).default(10).describe(
    "Seconds that workers get to finish on close.",
  ),
  max_restarts: v(int({ min: 0 })).default(10).describe(
    "Restarts of a worker allowed in 60 seconds.",
  ),
  max_message_size: v(int({ min: 1 })).default(268_435_456).describe("Largest message in bytes."),
  all_cores: bool.default(false).describe(
    "Use as many workers as there are cores; not beside a count.",
  ),
};

const threadPoolSpec = refined(
  object("ThreadPoolSpec", "Runs nodes in Workers.", {
    type: z.literal("thread").describe("Tag."),
    num_workers: workerCount.describe("Number of Workers."),
    permissions,
    ...workerPoolOptions,
  }),
  allCoresWithout("num_workers"),
);

const multiprocessPoolSpec = refined(
  object(
    "MultiprocessPoolSpec",
    "Runs nodes in Workers of subprocesses.",
    {
      type: z.literal("multiprocess").describe("Tag."),
      num_processes: workerCount.describe("Number of subprocesses."),
      threads_per_process: workerCount.describe("Number of Workers in each of them."),
      permissions,
      env: z.array(str).nullable().default(null).describe(
        "Names of the environment variables handed on; null hands on what `permissions` grants.",
      ),
      max_heap_mb: v(int({ min: 1 }).nullable()).default(null).describe(
        "Limit of a subprocess's heap in MB.",
      ),
      redirect_output: v(bool).default(true).describe(
        "Take the console output of subprocesses instead of letting it through.",
      ),
      buffer_output: v(bool).default(true).describe("Keep redirected output for `onOutput`."),
      output_flush_interval: v(float({ min: 0 })).default(0.1).describe(
        "Seconds between deliveries of output.",
      ),
      ...workerPoolOptions,
    },
  ),
  allCoresWithout("num_processes"),
);

const remotePoolSpec = refined(
  object("RemotePoolSpec", "Runs nodes on another machine.", {
    type: z.literal("remote").describe("Tag."),
    url: v(str.nullable()).default(null).describe("WebSocket address of the server."),
    worker_name: v(str.nullable()).default(null).describe(
      "Name under which the server offers its workers; null means `execution_manager`.",
    ),
    num_processes: workerCount.describe("Number of subprocesses asked of the server."),
    threads_per_process: workerCount.describe("Number of Workers in each of them."),
    token: v(str.nullable()).default(null).meta({
      description: "Bearer token.",
      format: "password",
    }),
    ca_cert: v(str.nullable()).default(null).meta({
      description: "PEM file of a certificate authority.",
      format: "path",
    }),
    heartbeat_interval: v(float({ above: 0 })).default(10).describe(
      "Seconds of silence after which the other side is asked whether it lives.",
    ),
    heartbeat_timeout: v(float({ above: 0 })).default(30).describe(
      "Seconds without a sign of life after which the connection counts as lost.",
    ),
    reconnect: v(bool).default(true).describe("Connect again after a loss."),
    code_check: oneOf("warn", "refuse", "off").default("warn").describe(
      "What to do if the server's code differs from ours.",
    ),
    ...workerPoolOptions,
  }),
  allCoresWithout("num_processes"),
);

/** A pool that takes all cores must leave its count of workers at the default. */
function allCoresWithout(path: string): CrossCheck {
  return {
    holds: (spec) => spec.all_cores !== true || spec[path] === undefined || spec[path] === 1,
    path,
    code: "range",
    message: "must be left out beside `all_cores`, which sets the count",
  };
}

/** Schema of a {@linkcode PoolSpec}. */
export const poolSpecSchema: z.ZodType<PoolSpec, PoolSpecInput> = z.discriminatedUnion("type", [
  object("MainPoolSpec", "Runs nodes on the main thread.", {
    type: z.literal("main").describe("Tag."),
  }),
  threadPoolSpec,
  multiprocessPoolSpec,
  remotePoolSpec,
]).meta({ id: "PoolSpec", description: "What a pool consists of." });

/** The schema that {@linkcode poolConfigSchema} is, with the types that zod infers. */
export const poolConfigInferred = object(
  "PoolConfig",
  "A pool of workers.",
  {
    spec: poolSpecSchema.default({ type: "main" }).describe("What it consists of."),
    print_flush_interval: v(float({ min: 0 })).default(0.1).describe(
      "Seconds between deliveries of what nodes print that leave theirs at its default.",
    ),
    capture_prints: v(bool).default(true).describe(
      "Whether what functions write to the console of a worker joins their logs.",
    ),
  },
);

/** Schema of a {@linkcode PoolConfig}. */
export const poolConfigSchema: z.ZodType<PoolConfig, PoolConfigInput> = poolConfigInferred;
