/**
 * `--progress`: what a run is doing, on standard error.
 *
 * @module
 */
import { eventToJSON } from "../../runtime/net/event_json.ts";
import type { Net } from "../../runtime/net/net.ts";
import { toJSONValue } from "../../runtime/packets/json_value.ts";
import type { CommandCall, Option } from "../command.ts";
import { NodeTallies } from "./node_tallies.ts";

/** The option. */
export const progressOption: Option = {
  name: "progress",
  value: "HOW",
  choices: ["auto", "bar", "plain", "json", "none"],
  help: "progress on standard error; auto: bar on a terminal, else plain",
};

/** Shows how a run is going; disposing it shows how it ended, and may be done twice. */
export interface Progress extends Disposable {
  /** Starts showing the nodes of this net. */
  attach(net: Net): void;
  /** Shows what a node printed. */
  print(text: string): void;
  /** Shows what was written to the console. */
  console(text: string): void;
}

type Write = (text: string) => void;

const REDRAW_MS = 100;
const PLAIN_MS = 2000;

/** The progress display that a call asks for. */
export function openProgress(call: CommandCall): Progress {
  const how = call.value("progress") ?? "auto";
  const { err, terminal } = call.io;
  if (how === "none") return { attach() {}, print: err, console: err, [Symbol.dispose]() {} };
  if (how === "json") return jsonProgress(err);
  return how === "bar" || (how === "auto" && terminal.stderr)
    ? barProgress(err)
    : plainProgress(err);
}

function jsonProgress(err: Write): Progress {
  let stop = () => {};
  const line = (value: unknown) => err(`${JSON.stringify(toJSONValue(value))}\n`);
  return {
    attach(net) {
      stop = net.onEvent((event) => line(eventToJSON(event)));
    },
    print() {}, // It is an event of the stream already.
    console: (text) => line({ type: "console", text }),
    [Symbol.dispose]: () => stop(),
  };
}

/** Runs `show` now and then while a net runs, and once more at the end. */
function repeatedly(
  ms: number,
  show: (tallies: NodeTallies) => void,
): Pick<Progress, "attach" | typeof Symbol.dispose> {
  let timer: ReturnType<typeof setInterval> | undefined;
  let tallies: NodeTallies | undefined;
  return {
    attach(net) {
      const attached = tallies = new NodeTallies(net);
      timer = setInterval(() => show(attached), ms);
    },
    [Symbol.dispose]() {
      if (!tallies) return;
      clearInterval(timer);
      tallies.stop();
      show(tallies);
      tallies = undefined;
    },
  };
}

function plainProgress(err: Write): Progress {
  const shown = repeatedly(PLAIN_MS, (tallies) => {
    for (const line of tallies.takeChanged()) err(`${line}\n`);
  });
  return { ...shown, print: err, console: err };
}

function barProgress(err: Write): Progress {
  let lines = 0;
  const erase = () => lines > 0 ? `\x1b[${lines}A\x1b[J` : "";
  const shown = repeatedly(REDRAW_MS, (tallies) => {
    const { columns, rows } = terminalSize();
    const text = tallies.describe(Math.max(3, rows - 2)).map((line) =>
      `${line.slice(0, columns - 1)}\n`
    );
    err(erase() + text.join(""));
    lines = text.length;
  });
  const print = (text: string) => {
    err(erase() + text);
    lines = 0;
  };
  return { ...shown, print, console: print };
}

function terminalSize(): { columns: number; rows: number } {
  try {
    const { columns, rows } = Deno.consoleSize();
    // Some terminals do not know their size and say 0.
    return { columns: columns || 80, rows: rows || 24 };
  } catch {
    return { columns: 80, rows: 24 };
  }
}
