/**
 * The worker that checks documents, so that typing never waits for it.
 *
 * @module
 */
import { checkDocument } from "../model/check_document.ts";
import type { RawObject } from "../model/document.ts";

interface CheckerScope {
  onmessage: ((event: MessageEvent<{ id: number; data: RawObject }>) => void) | null;
  postMessage(message: unknown): void;
}

const scope = globalThis as unknown as CheckerScope;

scope.onmessage = ({ data: { id, data } }) => {
  scope.postMessage({ id, problems: checkDocument(data) });
};
