/**
 * The program of the subprocesses of a pool.
 *
 * @module
 */
import { runPoolHost } from "./subprocess_host.ts";

await runPoolHost();
