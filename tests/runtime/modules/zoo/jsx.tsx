// deno-lint-ignore-file
// @ts-nocheck The tree has no JSX runtime; the file is only read.
/** Renders a title. */
export const Title = ({ text, level = 1 }: { text: string; level?: 1 | 2 }): string =>
  // @ts-ignore JSX is only parsed here
  render(<h1 className={`l${level}`}>{text} /* no comment */</h1>);

export const generic = <T,>(value: T): T => value;

declare function render(element: unknown): string;
