/**
 * Errors of recipes.
 *
 * @module
 */
import { NetrunError } from "../../sim/error.ts";

/** Options of a {@linkcode RecipeError}. */
export interface RecipeErrorOptions extends ErrorOptions {
  /** Name of the class, where it is derived from {@linkcode RecipeError}. */
  className?: string;
}

/** A recipe cannot be used, or what it is given or returns does not fit. */
export class RecipeError extends NetrunError {
  /** Path of the recipe's module. */
  readonly path: string;

  /** Creates the error. */
  constructor(path: string, message: string, options: RecipeErrorOptions = {}) {
    const { className = "RecipeError", cause } = options;
    super(className, message, cause === undefined ? {} : { cause });
    this.path = path;
  }
}

/** There is no file of a recipe. */
export class RecipeNotFoundError extends RecipeError {
  /** Creates the error. */
  constructor(path: string, options: ErrorOptions = {}) {
    super(path, `Cannot load the recipe: there is no file ${path}`, {
      ...options,
      className: "RecipeNotFoundError",
    });
  }
}
