/**
 * `netrun graph`: draws a net.
 *
 * @module
 */
import { resolve } from "node:path";
import { type Drawing, drawingOf } from "../../runtime/tools/drawing.ts";
import { type Command, type CommandCall, resolveOptions } from "../command.ts";
import { inspectConfig } from "../inspect_config.ts";
import { printOrWrite, writeFile } from "../output.ts";

/** How each format is made, loaded when it is asked for. */
const formats: Readonly<Record<string, (drawing: Drawing) => Promise<string>>> = {
  ascii: async (drawing) => (await import("../../runtime/tools/draw_text.ts")).toText(drawing),
  mermaid: async (drawing) =>
    (await import("../../runtime/tools/draw_mermaid.ts")).toMermaid(drawing),
  dot: async (drawing) => (await import("../../runtime/tools/draw_dot.ts")).toDot(drawing),
  svg: async (drawing) => (await import("../../ui/model/graph_svg.ts")).toSvg(drawing),
};

const formatByEnding: Readonly<Record<string, string>> = {
  svg: "svg",
  mmd: "mermaid",
  mermaid: "mermaid",
  dot: "dot",
  gv: "dot",
  txt: "ascii",
};

/** The command. */
export const graph: Command = {
  description: "Draws a net as resolved: as text for the terminal, Mermaid, DOT or SVG.",
  positionals: [{ name: "FILE", help: "the net file" }],
  options: [
    {
      name: "format",
      value: "FORM",
      choices: Object.keys(formats),
      help: "what to draw; by default what the ending of -o says, else ascii",
    },
    { name: "output", short: "o", value: "FILE", help: "write this file" },
    { name: "open", help: "show the drawing in the program that the system has for SVG" },
    ...resolveOptions,
  ],
  examples: [
    ["netrun graph", "in the terminal"],
    ["netrun graph -o net.svg", "an image"],
    ["netrun graph --open", "an image, shown at once"],
  ],
  run: drawGraph,
};

async function drawGraph(call: CommandCall): Promise<number> {
  const net = await inspectConfig(call, call.positionals[0]);
  const output = call.value("output");
  const ending = /\.(\w+)$/.exec(output ?? "")?.[1]?.toLowerCase() ?? "";
  const format = call.value("format") ?? formatByEnding[ending] ??
    (call.flag("open") ? "svg" : "ascii");
  const text = await formats[format]!(drawingOf(net));
  if (!call.flag("open")) await printOrWrite(call, text);
  else await openDrawing(call, text, output);
  return 0;
}

async function openDrawing(
  call: CommandCall,
  text: string,
  output: string | undefined,
): Promise<void> {
  const path = output === undefined
    ? await Deno.makeTempFile({ prefix: "netrun-", suffix: ".svg" })
    : resolve(call.io.cwd, output);
  await writeFile(path, text);
  call.io.out(`Written to ${path}\n`);
  const [program, ...args] = Deno.build.os === "darwin"
    ? ["open"]
    : Deno.build.os === "windows"
    ? ["cmd", "/c", "start", ""]
    : ["xdg-open"];
  try {
    await new Deno.Command(program!, { args: [...args, path], stderr: "null" }).output();
  } catch (error) {
    call.io.err(`Cannot open it: ${(error as Error).message}\n`);
  }
}
