/**
 * What factories take, as the server tells.
 *
 * @module
 */
// @ts-types="@types/react"
import { useEffect, useState } from "react";
import { fieldsOf, type FormField, type JsonSchema } from "../model/form.ts";
import { callPlain } from "./api.ts";
import { type Tab, useStudio } from "./studio.ts";

/** What a factory takes, or why that is not known. */
export interface FactoryInfo {
  /** The factory, as it was asked for. */
  readonly factory: string;
  readonly description?: string;
  readonly error?: string;
  /** Fields of its arguments; undefined if it does not say what it takes. */
  readonly fields?: readonly FormField[] | undefined;
}

/** How deep arguments are asked for in fields; beneath they are JSON. */
const DEPTH = 3;

/** The folder that modules of a file are named from. */
export function projectFolder({ path, history }: Tab): string {
  const folder = path?.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
  const override = history.data.get("project_root_override");
  return typeof override === "string" ? `${folder}/${override}` : folder;
}

/** What a factory takes; undefined until that is known. */
export function useFactoryInfo(tab: Tab, ref: string): FactoryInfo | undefined {
  const version = useStudio(({ codeVersion }) => codeVersion);
  const [info, setInfo] = useState<FactoryInfo>();
  const root = projectFolder(tab);
  useEffect(() => {
    let isCurrent = true;
    const answered = (info: FactoryInfo) => isCurrent && setInfo(info);
    callPlain<FactoryInfo & { schema?: JsonSchema }>("/factories/describe", {
      ref,
      project_root: root,
    }).then(
      ({ schema, ...info }) => answered({ ...info, fields: schema && fieldsOf(schema, {}, DEPTH) }),
      (error) => answered({ factory: ref, error: error.message }),
    );
    return () => void (isCurrent = false);
  }, [ref, root, version]);
  return info?.factory === ref ? info : undefined;
}
