/**
 * The worker of the confined process in the compiled program: answers the calls that it is sent.
 *
 * @module
 */
import type { CodeCall } from "./code_calls.ts";
import { keepOutputClean, repliesTo } from "./code_reply.ts";

interface ChildScope {
  onmessage: ((event: MessageEvent<CodeCall[]>) => void) | null;
  postMessage(message: unknown): void;
}

const scope = globalThis as unknown as ChildScope;

keepOutputClean();
scope.onmessage = async ({ data }) => {
  // JSON on both ways: the answer is the same as that of a process.
  scope.postMessage(JSON.stringify(await repliesTo(data)));
};
