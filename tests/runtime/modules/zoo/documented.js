// deno-lint-ignore-file no-unused-vars
/** @typedef {{x: number, y?: number}} Point */

/**
 * Adds.
 * @param {number} a The first.
 * @param {number} [b=2] The second.
 * @returns {Promise<{sum: number}>} The sum.
 */
export async function add(a, b = 2) {
  return await { sum: a + b };
}

/**
 * @template T
 * @param {Array.<string>} names
 * @param {?Date} date
 * @param {Point} point
 * @param {*} anything
 * @param {T} value
 * @param {function(number): string} odd
 * @return {string | undefined}
 */
export const many = (names, date, point, anything, value, odd) => undefined;

/**
 * @param {Object} size
 * @param {number} size.w The width.
 * @param {string} [size.unit]
 */
export function area({ w, unit }) {
  return `${w}${unit}`;
}

/** @type {(a: number, b: string) => boolean} */
export const typed = (a, b) => a > b;

export const comparison = (a, b) => a < b > (0);

export function* steps(n) {
  yield n;
}

export const object = {
  method(a, { b }) {},
};
