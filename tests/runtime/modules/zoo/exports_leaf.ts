export interface Point {
  x: number;
}

export function square(n: number): number {
  return n * n;
}

export function cube(n: number): number {
  return n ** 3;
}

export function leafOnly(leaf: Point): number {
  return leaf.x;
}
