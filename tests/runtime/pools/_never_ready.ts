/** A module that never comes to its end. */
await new Promise((resolve) => setTimeout(resolve, 2 ** 30));

export function work(): void {}
