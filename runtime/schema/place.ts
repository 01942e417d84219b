/**
 * Where things of a configuration are written, for messages.
 *
 * @module
 */
import type { ConfigIssue, ConfigPath } from "./issue.ts";

/** The text that data came from. */
export interface Source {
  /** Absolute path of the file, if there is one. */
  file?: string | undefined;
  /** Line and column of a path in it, if it is a text. */
  position?: ((path: ConfigPath) => { line: number; column: number } | undefined) | undefined;
}

/** Data that came from no text. */
export const NO_SOURCE: Source = {};

/**
 * A place in a configuration: the path that is reported, and where in which file it is written.
 *
 * The two differ for what came from another file or from a factory: reported is the key of the main
 * file by which it came in, while file, line and column point into the text that holds it.
 */
export class Place {
  private constructor(
    /** Path in the main file. */
    readonly path: ConfigPath,
    private readonly source: Source,
    /** Path in the source. */
    private readonly inner: ConfigPath,
    private readonly isEntered: boolean,
  ) {}

  /** The top of the main file. */
  static top(source: Source): Place {
    return new Place([], source, [], false);
  }

  /** The place further down. */
  at(...steps: ConfigPath): Place {
    const inner = [...this.inner, ...steps];
    return new Place(this.isEntered ? this.path : inner, this.source, inner, this.isEntered);
  }

  /** The top of another file, which came in by this place. */
  enter(source: Source): Place {
    return new Place(this.path, source, [], true);
  }

  /** This place for everything that came in by it without a text of its own. */
  closed(): Place {
    return new Place(
      this.path,
      { file: this.source.file, position: this.frozenPosition() },
      [],
      true,
    );
  }

  /** A problem at this place. */
  issue(code: string, message: string, severity: ConfigIssue["severity"] = "error"): ConfigIssue {
    return {
      code,
      path: [...this.path],
      message,
      severity,
      ...(this.source.file === undefined ? {} : { file: this.source.file }),
      ...this.source.position?.(this.inner),
    };
  }

  private frozenPosition(): Source["position"] {
    const { source: { position }, inner } = this;
    return position && (() => position(inner));
  }
}
