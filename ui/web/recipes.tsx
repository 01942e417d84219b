/**
 * Recipes: modules that change a net. What one would change is shown before it is applied.
 *
 * @module
 */
// @ts-types="@types/react"
import { useEffect, useState } from "react";
import { asObject, type RawObject } from "../../runtime/tools/raw_net.ts";
import { writeJson } from "../../runtime/schema/text/write_json.ts";
import { freeName, objectAtPath, renameKey } from "../model/document.ts";
import { EditRefused } from "../model/edit_nodes.ts";
import { call, callPlain } from "./api.ts";
import { Difference } from "./difference.tsx";
import { Field, IconButton, setValue, TextInput } from "./form/field.tsx";
import { Section } from "./panel.tsx";
import { edit } from "./editing.ts";
import { sayError, type Tab, update, useStudio } from "./studio.ts";

interface Prompt {
  name: string;
  label: string;
  type?: "text" | "number" | "select" | "checkbox";
  default?: unknown;
  options?: string[];
}

interface Running {
  readonly path: string;
  readonly name: string;
  readonly prompts: readonly Prompt[];
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly result?: RawObject;
  /** What it has printed. */
  readonly prints?: string;
}

/** The recipes of a net. */
export function RecipesSection({ tab }: { tab: Tab }) {
  const isTrusted = useStudio(({ isTrusted }) => isTrusted);
  const wanted = useStudio(({ wantedRecipe }) => wantedRecipe);
  const [running, setRunning] = useState<Running>();
  const recipes = asObject(tab.history.data.get("recipes"));
  const folder = tab.path?.includes("/") ? tab.path.slice(0, tab.path.lastIndexOf("/") + 1) : "";
  const begin = async (name: string, path: string) => {
    try {
      const { prompts } = await callPlain<{ prompts: Prompt[] }>("/recipes/prompts", {
        path,
        document: tab.history.data,
      });
      const inputs = Object.fromEntries(prompts.map((prompt) => [
        prompt.name,
        prompt.default ?? (prompt.type === "checkbox" ? false : prompt.options?.[0] ?? ""),
      ]));
      const started = { name, path, prompts, inputs };
      setRunning(started);
      if (prompts.length === 0) await execute(started);
    } catch (error) {
      sayError(error);
    }
  };
  const execute = async (recipe: Running) => {
    try {
      const { path, inputs } = recipe;
      const answer = await call("/recipes/run", { path, inputs, document: tab.history.data });
      const result = asObject(answer.get("document"))!;
      setRunning({ ...recipe, result, prints: `${answer.get("stdout") ?? ""}` });
    } catch (error) {
      setRunning(undefined);
      sayError(error);
    }
  };
  useEffect(() => {
    if (wanted === undefined) return;
    update({ wantedRecipe: undefined });
    void begin(wanted, `${folder}${asObject(recipes?.get(wanted))?.get("path") ?? ""}`);
  }, [wanted]);
  return (
    <Section title="Recipes" count={recipes?.size} isWanted={running !== undefined}>
      {[...recipes ?? []].map(([name, recipe]) => (
        <RecipeCard
          key={name}
          name={name}
          recipe={asObject(recipe)}
          isTrusted={isTrusted}
          run={(path) => begin(name, folder + path)}
        />
      ))}
      <button type="button" className="add" onClick={addRecipe}>+ recipe</button>
      {running && (
        <div className="card">
          <strong>{running.name}</strong>
          {!running.result && running.prompts.map((prompt) => (
            <PromptField
              key={prompt.name}
              prompt={prompt}
              value={running.inputs[prompt.name]}
              set={(value) =>
                setRunning({ ...running, inputs: { ...running.inputs, [prompt.name]: value } })}
            />
          ))}
          {running.prints && <pre className="prints">{running.prints}</pre>}
          {running.result && (
            <Difference
              before={writeJson(tab.history.data, "  ")}
              after={writeJson(running.result, "  ")}
            />
          )}
          <div className="buttons">
            <button type="button" onClick={() => setRunning(undefined)}>Cancel</button>
            {running.result
              ? (
                <button
                  type="button"
                  className="primary"
                  onClick={() => {
                    const { result } = running;
                    edit(`Recipe ${running.name}`, (draft) => {
                      draft.clear();
                      for (const [key, value] of result!) draft.set(key, value);
                    });
                    setRunning(undefined);
                  }}
                >
                  Apply
                </button>
              )
              : (
                <button type="button" className="primary" onClick={() => execute(running)}>
                  Show changes
                </button>
              )}
          </div>
        </div>
      )}
    </Section>
  );
}

function RecipeCard(
  { name, recipe, isTrusted, run }: {
    name: string;
    recipe: RawObject | undefined;
    isTrusted: boolean;
    run: (path: string) => void;
  },
) {
  const text = (key: string) => `${recipe?.get(key) ?? ""}`;
  const field = (key: string, label: string, placeholder: string) => (
    <Field label={label}>
      {(id) => (
        <TextInput
          id={id}
          value={text(key)}
          placeholder={placeholder}
          commit={(value) =>
            void setValue(
              "Change recipe",
              ["recipes", name, key],
              value === "" ? undefined : value,
            )}
        />
      )}
    </Field>
  );
  return (
    <div className="card">
      <div className="line">
        <span className="grow" title={text("description")}>
          {name} {text("description") !== "" && <small>{text("description")}</small>}
        </span>
        <button
          type="button"
          disabled={!isTrusted || text("path") === ""}
          title={isTrusted ? "" : "This folder is not trusted"}
          onClick={() => run(text("path"))}
        >
          Run
        </button>
        <IconButton
          label={`Remove recipe ${name}`}
          sign="×"
          onClick={() => setValue("Remove recipe", ["recipes", name], undefined)}
        />
      </div>
      <details className="more" open={text("path") === ""}>
        <summary>Module and name</summary>
        <fieldset className="fields">
          <Field label="Name">
            {(id) => (
              <TextInput
                id={id}
                value={name}
                commit={(newName) =>
                  edit("Rename recipe", (draft) => {
                    const recipes = objectAtPath(draft, ["recipes"]);
                    if (newName.trim() === "") throw new EditRefused("A recipe needs a name");
                    if (recipes.has(newName)) {
                      throw new EditRefused(`There is a recipe "${newName}" already`);
                    }
                    renameKey(recipes, name, newName);
                  })}
              />
            )}
          </Field>
          {field("path", "Module", "./recipes/add.ts")}
          {field("description", "Description", "what it does")}
        </fieldset>
      </details>
    </div>
  );
}

function addRecipe(): void {
  edit("Add recipe", (draft) => {
    const recipes = objectAtPath(draft, ["recipes"]);
    recipes.set(freeName("recipe", new Set(recipes.keys())), new Map());
  });
}

function PromptField(
  { prompt, value, set }: { prompt: Prompt; value: unknown; set: (value: unknown) => void },
) {
  if (prompt.type === "checkbox") {
    return (
      <label className="check">
        <input
          type="checkbox"
          checked={value === true}
          onChange={({ target }) => set(target.checked)}
        />
        {prompt.label}
      </label>
    );
  }
  return (
    <label className="field">
      {prompt.label}
      {prompt.options
        ? (
          <select value={`${value}`} onChange={({ target }) => set(target.value)}>
            {prompt.options.map((option) => <option key={option}>{option}</option>)}
          </select>
        )
        : (
          <input
            value={`${value ?? ""}`}
            inputMode={prompt.type === "number" ? "decimal" : "text"}
            onChange={({ target }) =>
              set(
                prompt.type === "number" && target.value !== ""
                  ? Number(target.value)
                  : target.value,
              )}
          />
        )}
    </label>
  );
}
