/** Has no name. */
export default (a: number, b?: number): number => a + (b ?? 0);
