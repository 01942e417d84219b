/**
 * Cutting a stream of bytes into lines.
 *
 * @module
 */
import { RecordFormatError } from "./error.ts";

/** Longest line that is read: a file without line ends must not fill the memory. */
const MAX_LINE_LENGTH = 64 * 1024 * 1024;

/** One line of a file. */
export interface Line {
  /** Its text, without the line end. */
  text: string;
  /** Its number, from 1. */
  line: number;
}

/**
 * The lines of a UTF-8 text; `\n` and `\r\n` end a line, and the last one needs no end. A byte order
 * mark is dropped. Ending the iteration early cancels the stream.
 *
 * @throws {RecordFormatError} If a line is longer than 64 million characters.
 */
export async function* readLines(
  input: ReadableStream<Uint8Array>,
  source: string,
): AsyncGenerator<Line> {
  const decoder = new TextDecoder();
  let line = 0;
  let rest = "";
  for await (const chunk of input) {
    const text = rest + decoder.decode(chunk, { stream: true });
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      line++;
      yield { text: withoutReturn(text.slice(start, end)), line };
      start = end + 1;
    }
    rest = text.slice(start);
    if (rest.length > MAX_LINE_LENGTH) {
      throw new RecordFormatError(
        { source, line: line + 1 },
        `the line is longer than ${MAX_LINE_LENGTH} characters; is the file of another format?`,
      );
    }
  }
  rest += decoder.decode();
  if (rest !== "") yield { text: withoutReturn(rest), line: line + 1 };
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
