/**
 * One problem found in a net's configuration.
 *
 * @module
 */

/** Where in the data of a configuration something is: object keys and array indexes, from the top. */
export type ConfigPath = (string | number)[];

/** One problem found in a configuration, with the place where it is written. */
export interface ConfigIssue {
  /** Stable name of the kind of problem, such as `missing` or `unknown_key`. */
  code: string;
  /** Where in the data it is, from the top of the file. */
  path: ConfigPath;
  /** What is wrong and what to do about it. */
  message: string;
  /** An error stops loading, resolving or building; a warning does not. */
  severity: "error" | "warning";
  /** Absolute path of the file that holds the place, if it came from one. */
  file?: string;
  /** Line of the place in that file, from 1. */
  line?: number;
  /** Column of the place in that line, from 1. */
  column?: number;
}

/** Adds issues to a list, however many there are: as arguments of one call they could be too many. */
export function addAll(issues: ConfigIssue[], more: readonly ConfigIssue[]): void {
  for (const issue of more) issues.push(issue);
}
