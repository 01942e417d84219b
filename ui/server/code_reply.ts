/**
 * Answers of the confined process, failures among them.
 *
 * @module
 */
import { ConfigError } from "../../runtime/schema/error.ts";
import type { ConfigIssue } from "../../runtime/schema/issue.ts";
import { answer, type CodeCall, messageOf } from "./code_calls.ts";

/** What a call leads to: plain JSON data. */
export interface CodeReply {
  readonly value?: unknown;
  readonly error?: string;
  /** What is wrong with the configuration, if that is the failure. */
  readonly issues?: readonly ConfigIssue[];
}

/** Answers a call, or says why it cannot. */
async function replyTo(call: CodeCall): Promise<CodeReply> {
  try {
    return { value: await answer(call) };
  } catch (error) {
    return {
      error: messageOf(error),
      ...(error instanceof ConfigError ? { issues: error.issues } : {}),
    };
  }
}

/** Answers calls one after the other. */
export async function repliesTo(calls: readonly CodeCall[]): Promise<CodeReply[]> {
  const replies: CodeReply[] = [];
  for (const call of calls) replies.push(await replyTo(call));
  return replies;
}

/** What code of the project prints must not be taken for the answer. */
export function keepOutputClean(): void {
  for (const method of ["log", "info", "debug"] as const) console[method] = console.error;
}
