export * from "./exports_hub.ts";
export * from "./exports_leaf.ts";
export const fromCycle = (a: string): string => a;
