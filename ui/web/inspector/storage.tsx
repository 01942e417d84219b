/**
 * Storage: of one node, and of the net.
 *
 * @module
 */
import { asObject } from "../../../runtime/tools/raw_net.ts";
import type { ConfigPath } from "../../model/document.ts";
import { blankOf } from "../../model/form.ts";
import { FieldAt, ObjectFields, useFormFields, useValue } from "../form/form_fields.tsx";
import { setValue } from "../form/field.tsx";
import { Section } from "../panel.tsx";

const CHOICES = [["none", "None"], ["cache", "Cache"], ["file_storage", "Files"]] as const;

/** Storage of one node: nothing, the cache, or durable output files. */
export function NodeStorageSection({ path }: { path: ConfigPath }) {
  const storage = asObject(useValue(path));
  const [cache, files] = ["cache", "file_storage"].map((key) => asObject(storage?.get(key)));
  const [, fileFields] = ["NodeCacheConfig", "NodeFileStorageConfig"].map(useFormFields);
  const chosen = files && files.get("enabled") !== false
    ? "file_storage"
    : cache
    ? "cache"
    : "none";
  const choose = (choice: string) => {
    if (choice === "none") return setValue("No storage", path, undefined);
    const value = choice === "cache"
      ? new Map([["enabled", true]])
      : blankOf({ kind: "object", fields: fileFields ?? [] });
    setValue(`Use ${choice.replace("_", " ")}`, path, new Map([[choice, value]]));
  };
  return (
    <Section title="Storage" count={storage?.size}>
      <div className="segments" role="radiogroup" aria-label="Storage">
        {CHOICES.map(([choice, label]) => (
          <button
            key={choice}
            type="button"
            role="radio"
            aria-checked={chosen === choice}
            onClick={() => choice !== chosen && choose(choice)}
          >
            {label}
          </button>
        ))}
      </div>
      {cache && files && (
        <p className="warning">
          Cache and output files exclude each other: choose one of them.
        </p>
      )}
      {chosen === "none" && (
        <p className="dim">Results are kept only if the net's cache includes the node.</p>
      )}
      {chosen === "cache" && (
        <ObjectFields object="NodeCacheConfig" path={[...path, "cache"]} without={NO_EFFECT} />
      )}
      {chosen === "file_storage" && (
        <ObjectFields
          object="NodeFileStorageConfig"
          path={[...path, "file_storage"]}
          without={NO_EFFECT}
        />
      )}
    </Section>
  );
}

/** Fields that are read for the sake of other systems. */
const NO_EFFECT = [
  "evaluate_lazy_value_for_cache",
  "evaluate_lazy_value_for_hash",
  "hash_pickling_args",
  "hash_pickling_method",
  "pickling_args",
  "pickling_method",
];

/** Storage of the net: its backends, its cache, and where the index of output files is. */
export function NetStorageSection() {
  const storage = asObject(useValue(["storage"]));
  const fields = useFormFields("StorageConfig");
  const cache = asObject(storage?.get("cache"));
  const field = (name: string) => fields.find((field) => field.name === name);
  const [backends, metadata] = [field("backends"), field("file_storage_metadata_path")];
  return (
    <Section title="Storage" count={storage?.size}>
      {backends && <FieldAt field={backends} path={["storage"]} label="Backend" />}
      <fieldset className="fields">
        <legend>Cache</legend>
        {cache
          ? (
            <>
              <ObjectFields object="CacheConfig" path={["storage", "cache"]} without={NO_EFFECT} />
              <button
                type="button"
                className="quiet"
                onClick={() => setValue("Remove cache", ["storage", "cache"], undefined)}
              >
                Remove the cache
              </button>
            </>
          )
          : (
            <button
              type="button"
              className="add"
              onClick={() =>
                setValue("Add cache", ["storage", "cache"], new Map([["enabled", true]]))}
            >
              + cache
            </button>
          )}
      </fieldset>
      {metadata && <FieldAt field={metadata} path={["storage"]} label="Index of output files" />}
    </Section>
  );
}
