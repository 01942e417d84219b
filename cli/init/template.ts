/**
 * What a template of `netrun init` is.
 *
 * @module
 */

/** What the files of a template depend on. */
export interface TemplateContext {
  /** Version of the package. */
  readonly version: string;
  /** Tasks for `deno.json`. */
  readonly tasks: { readonly run: string; readonly test: string; readonly ui: string };
  /** The task that runs the flow tests alone. */
  readonly flowTest: string;
  /** First line of a TOML net file, for editors; with its line end. */
  readonly schemaHint: string;
}

/** A project that `netrun init` can write. */
export interface Template {
  /** One line about it. */
  readonly summary: string;
  /** Its files: path → text. */
  files(context: TemplateContext): Readonly<Record<string, string>>;
}
