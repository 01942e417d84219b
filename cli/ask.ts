/**
 * Asking on the terminal for what a recipe needs.
 *
 * @module
 */
import type { RecipePrompt } from "../runtime/tools/recipes.ts";
import { jsonOrText } from "./edit.ts";
import type { Io } from "./io.ts";
import { LineReader } from "./line_reader.ts";

/** Asks for the answers, each until it is one that fits; an empty line takes the default. */
export async function ask(
  io: Io,
  prompts: readonly RecipePrompt[],
): Promise<Record<string, unknown>> {
  const answers: Record<string, unknown> = {};
  using lines = new LineReader(io.stdin);
  for (const prompt of prompts) {
    for (;;) {
      io.err(question(prompt));
      const line = await lines.next();
      if (line === undefined) return answers;
      const answer = line.trim() === "" ? prompt.default : readAnswer(prompt, line.trim());
      if (answer === undefined && line.trim() !== "") {
        io.err(`  that is none of ${prompt.options?.join(", ") ?? "the possible answers"}\n`);
        continue;
      }
      if (answer !== undefined) answers[prompt.name] = answer;
      break;
    }
  }
  return answers;
}

function question({ label, type, options, default: otherwise }: RecipePrompt): string {
  const hint = options !== undefined
    ? ` [${options.join(type === "checkbox" ? "," : "/")}]`
    : type === "checkbox"
    ? " [y/n]"
    : "";
  const standard = otherwise === undefined ? "" : ` (${JSON.stringify(otherwise)})`;
  return `${label}${hint}${standard}: `;
}

/** The answer that a line means; undefined if it does not fit. */
function readAnswer({ type = "text", options }: RecipePrompt, line: string): unknown {
  switch (type) {
    case "text":
      return line;
    case "number": {
      const value = jsonOrText(line);
      return typeof value === "number" ? value : undefined;
    }
    case "select":
      return options?.includes(line) ? line : undefined;
    case "checkbox": {
      if (options === undefined) {
        return /^(?:y|yes|true)$/i.test(line) ||
          (/^(?:n|no|false)$/i.test(line) ? false : undefined);
      }
      const chosen = line.split(",").map((item) => item.trim());
      return chosen.every((item) => options.includes(item)) ? chosen : undefined;
    }
  }
}
