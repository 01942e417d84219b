/**
 * Routes that need code of the project, or files that a net names.
 *
 * @module
 */
import type { Hono } from "hono";
import { writeJson } from "../../runtime/schema/text/write_json.ts";
import type { RawObject } from "../../runtime/tools/raw_net.ts";
import type { ApiParts } from "./api.ts";
import { newFunction } from "./new_function.ts";
import {
  objectField,
  optionalText,
  readBody,
  RequestFailure,
  sendData,
  textField,
} from "./wire.ts";

/** Adds the routes for validation, factories, functions and recipes. */
export function addCodeRoutes(api: Hono, { folder, runner, trust, readOnly }: ApiParts) {
  const documentCall = async (body: RawObject) => {
    const file = optionalText(body, "file_path");
    return {
      document: writeJson(objectField(body, "document"), ""),
      // A document without a file stands at the root.
      filePath: await folder.locate(file ?? "untitled.netrun.json"),
      noImport: !trust.get(),
    };
  };
  const rootOf = async (body: RawObject) =>
    await folder.locate(optionalText(body, "project_root") ?? "");
  const requireTrust = () => {
    if (!trust.get()) {
      throw new RequestFailure("untrusted", "This folder is not trusted, so none of its code runs");
    }
  };
  api.post("/validate", async (context) => {
    const call = await documentCall(await readBody(context));
    return sendData(await runner.run({ kind: "validate", ...call }));
  });
  api.post("/graph", async (context) => {
    const call = await documentCall(await readBody(context));
    return sendData({ graph: await runner.run({ kind: "graph", ...call }) });
  });
  api.post("/factories", async (context) => {
    const body = await readBody(context);
    const refs = body.get("refs");
    return sendData({
      factories: await runner.run({
        kind: "factories",
        refs: Array.isArray(refs) ? refs.filter((ref) => typeof ref === "string") : [],
        root: await rootOf(body),
        noImport: !trust.get(),
      }),
    });
  });
  api.post("/factories/describe", async (context) => {
    const body = await readBody(context);
    return sendData(
      await runner.run({
        kind: "describe",
        ref: textField(body, "ref"),
        root: await rootOf(body),
        noImport: !trust.get(),
      }),
    );
  });
  api.post("/factories/preview", async (context) => {
    const body = await readBody(context);
    const node: RawObject = new Map<string, unknown>([
      ["factory", textField(body, "ref")],
      ["factory_args", body.get("args") ?? new Map()],
    ]);
    try {
      return sendData(
        await runner.run({
          kind: "preview",
          node: writeJson(node, ""),
          root: await rootOf(body),
          noImport: !trust.get(),
        }),
      );
    } catch (error) {
      if (!(error instanceof RequestFailure) || error.code !== "invalid_config") throw error;
      return sendData({ error: factoryProblem(error) });
    }
  });
  api.post("/imports/check", async (context) => {
    const body = await readBody(context);
    const ref = textField(body, "ref");
    return sendData(
      await runner.run({ kind: "check", ref, root: await rootOf(body), noImport: !trust.get() }),
    );
  });
  api.post("/functions", async (context) => {
    const root = await rootOf(await readBody(context));
    return sendData({ functions: await runner.run({ kind: "functions", root }) });
  });
  api.post("/functions/new", async (context) => {
    requireTrust();
    if (readOnly) throw new RequestFailure("forbidden", "This studio is read-only");
    const body = await readBody(context);
    const root = await rootOf(body);
    const made = await newFunction(
      folder,
      root,
      textField(body, "module"),
      textField(body, "name"),
    );
    return sendData({ ...made, path: folder.relative(made.path) });
  });
  const recipeCall = async (body: RawObject) => {
    requireTrust();
    return {
      path: await folder.locate(textField(body, "path")),
      document: writeJson(objectField(body, "document"), ""),
    };
  };
  api.post("/recipes/prompts", async (context) => {
    const call = await recipeCall(await readBody(context));
    return sendData({ prompts: await runner.run({ kind: "prompts", ...call }) });
  });
  api.post("/recipes/run", async (context) => {
    const body = await readBody(context);
    const call = await recipeCall(body);
    const inputs = writeJson(body.get("inputs") ?? new Map(), "");
    const { config, stdout } = await runner.run({ kind: "recipe", ...call, inputs }) as {
      config: unknown;
      stdout: string;
    };
    return sendData({ document: config, stdout });
  });
}

/** What a factory says, without the place in the net that was made up to ask it. */
function factoryProblem({ message, details }: RequestFailure): string {
  const issues = details?.issues as { message: string }[] | undefined;
  return (issues?.[0]?.message ?? message).replace(
    /^(?:.*?factory: )?factory of node "node": /,
    "",
  );
}
