/**
 * Work that is written once and runs without waiting as far as it can.
 *
 * @module
 */
import { isThenable } from "../execution/thenable.ts";

/** Steps of work: yields what it has to wait for, gets back what that resolved with. */
export type Steps<T> = Generator<PromiseLike<unknown>, T, unknown>;

/** The value itself, or what it resolves with if it is a promise. */
export function* settled<T>(value: T | PromiseLike<T>): Steps<T> {
  return isThenable(value) ? (yield value) as T : value;
}

/**
 * Runs {@linkcode Steps}: at once as far as nothing has to be waited for, then whenever what was
 * yielded settles. Exactly one of `done` and `failed` is called, once.
 *
 * Work on synchronous functions costs no microtask.
 *
 * @returns The rest of the work, if it has to wait.
 */
export function startTask<T>(
  steps: Steps<T>,
  done: (value: T) => void,
  failed: (error: unknown) => void,
): Task<T> | undefined {
  let step: IteratorResult<PromiseLike<unknown>, T>;
  try {
    step = steps.next();
  } catch (error) {
    failed(error);
    return undefined;
  }
  if (!step.done) return new Task(steps, step.value, done, failed);
  done(step.value);
  return undefined;
}

/** {@linkcode Steps} that wait, and go on by themselves whenever what they wait for settles. */
export class Task<T> {
  readonly #steps: Steps<T>;
  readonly #done: (value: T) => void;
  readonly #failed: (error: unknown) => void;
  /** Counts what was waited for, so that an answer that nobody waits for any more is recognised. */
  #turn = 0;
  #advancing = false;
  #interrupt: { error: unknown } | undefined;

  /** Goes on with work that has yielded `waitsFor`. */
  constructor(
    steps: Steps<T>,
    waitsFor: PromiseLike<unknown>,
    done: (value: T) => void,
    failed: (error: unknown) => void,
  ) {
    this.#steps = steps;
    this.#done = done;
    this.#failed = failed;
    this.#wait(waitsFor);
  }

  /**
   * Throws `error` at the place where the work waits, without waiting any longer; if it is running
   * right now, at the place where it would next wait.
   */
  interrupt(error: unknown): void {
    if (this.#advancing) this.#interrupt = { error };
    else this.#advance(error, true);
  }

  #advance(input: unknown, isError: boolean): void {
    this.#turn++;
    this.#advancing = true;
    let step: IteratorResult<PromiseLike<unknown>, T>;
    try {
      step = isError ? this.#steps.throw(input) : this.#steps.next(input);
      while (!step.done && this.#interrupt) {
        const { error } = this.#interrupt;
        this.#interrupt = undefined;
        step.value.then(undefined, () => {});
        step = this.#steps.throw(error);
      }
    } catch (error) {
      this.#advancing = false;
      return this.#failed(error);
    }
    this.#advancing = false;
    if (step.done) this.#done(step.value);
    else this.#wait(step.value);
  }

  #wait(promise: PromiseLike<unknown>): void {
    const turn = this.#turn;
    promise.then(
      (value) => turn === this.#turn && this.#advance(value, false),
      (error) => turn === this.#turn && this.#advance(error, true),
    );
  }
}

/**
 * Runs {@linkcode Steps} as a part of others, but with waits of its own, which can be interrupted.
 *
 * @param waits Told of the rest of the work, if it has to wait.
 */
export function* subtask<T>(steps: Steps<T>, waits: (task: Task<T>) => void): Steps<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  let ended: { readonly value: T } | { readonly error: unknown } | undefined;
  const task = startTask(steps, (value) => {
    ended = { value };
    resolve(value);
  }, (error) => {
    ended = { error };
    reject(error);
  });
  if (task) {
    waits(task);
    return (yield promise) as T;
  }
  promise.catch(() => {});
  if ("error" in ended!) throw ended.error;
  return ended!.value;
}

/** Runs {@linkcode Steps} as a promise. */
export function runAsync<T>(steps: Steps<T>): Promise<T> {
  return new Promise((resolve, reject) => void startTask(steps, resolve, reject));
}

/**
 * Runs {@linkcode Steps} to their end at once.
 *
 * @param refuse Makes the error to throw, inside the work, where it wants to wait.
 */
export function runSync<T>(steps: Steps<T>, refuse: () => Error): T {
  let step = steps.next();
  while (!step.done) {
    step.value.then(undefined, () => {});
    step = steps.throw(refuse());
  }
  return step.value;
}
