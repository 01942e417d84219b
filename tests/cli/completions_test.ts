import { assertArrayIncludes, assertEquals, assertStringIncludes } from "@std/assert";
import { listCommands } from "../../cli/command_list.ts";
import { completionScript, shells } from "../../cli/completion_scripts.ts";
import { callMain, succeeds } from "./_program.ts";
import { project } from "./_project.ts";

/** What is typed, and what is offered for its last word. */
const offered: readonly (readonly [words: string[], among: string[]])[] = [
  [["val"], ["validate"]],
  [["-c", "x.toml", "val"], ["validate"]],
  [["dead-letters", ""], ["ls", "show", "retry", "clear"]],
  [["actions", "r"], ["run"]],
  [["run", "--progress", ""], ["auto", "bar", "plain", "json", "none"]],
  [["run", "--max"], ["--max-epochs"]],
  [["completions", ""], ["bash", "zsh", "fish", "powershell"]],
];
/** Words after which no file makes sense. */
const closed = [["dead-letters", ""], ["run", "--progress", ""], ["completions", ""]];

Deno.test("completion scripts name every command", async () => {
  for (const shell of shells) {
    const script = await completionScript(shell);
    for (const { name } of await listCommands()) assertStringIncludes(script, name.split(" ")[0]!);
  }
});

Deno.test("completions of another shell are refused, and those there are are named", async () => {
  const { code, stderr } = await callMain(["completions", "csh"], { cwd: "/" });
  assertEquals([code, stderr], [2, "Error: There are scripts for bash, zsh, fish, powershell\n"]);
});

/** Runs a text in a shell, in a folder that holds the completion script and one other file. */
async function inShell(shell: typeof shells[number], text: string): Promise<string[][]> {
  await using folder = await project({ "a_file": "", "netrun": await completionScript(shell) });
  const args = shell === "zsh" ? ["-f", "-c", text] : ["-c", text];
  const { success, stdout, stderr } = await new Deno.Command(shell, { args, cwd: folder.path })
    .output();
  const decoder = new TextDecoder();
  assertEquals([success, decoder.decode(stderr)], [true, ""]);
  return decoder.decode(stdout).trim().split("\n").map((line) => line.trim().split(" "));
}

async function assertOffers(shell: typeof shells[number], text: (words: string[]) => string) {
  const lines = await inShell(shell, text([]) + offered.map(([words]) => text(words)).join(""));
  for (const [i, [words, among]] of offered.entries()) {
    assertArrayIncludes(lines[i]!, among);
    const isClosed = closed.some((typed) => typed.join() === words.join());
    if (isClosed) assertEquals(lines[i]!.includes("a_file"), false, words.join(" "));
  }
}

function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(" ");
}

const prelude = (shell: string) => shell === "zsh" ? "compdef() { : }\n" : "";

for (const [shell, call] of [["bash", "_netrun"], ["zsh", "_netrun_words"]] as const) {
  Deno.test({
    name: `${shell} offers commands, second words, options and their values`,
    ignore: !await succeeds(shell, "-c", "true"),
    async fn() {
      await assertOffers(
        shell,
        (words) =>
          words.length === 0
            ? `${prelude(shell)}source ./netrun\n${shell === "zsh" ? "emulate ksh\n" : ""}`
            : `COMP_WORDS=(netrun ${quoted(words)}); COMP_CWORD=${words.length}; COMPREPLY=()
${call}; echo "\${COMPREPLY[*]}"
`,
      );
    },
  });
}

Deno.test({
  name: "fish offers commands, second words, options and their values",
  ignore: !await succeeds("fish", "-c", "true"),
  async fn() {
    await assertOffers(
      "fish",
      (words) =>
        words.length === 0
          ? "source ./netrun\n"
          : `complete -C "netrun ${
            words.join(" ")
          }" | string replace -r "\\t.*" "" | string join " "
`,
    );
  },
});
