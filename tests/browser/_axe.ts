/** The rules of accessibility, checked on a page as it is shown. */
import type { Page } from "npm:playwright-core@1.65.1";

const AXE = "npm:axe-core@4.14.1";

/** What breaks the rules of WCAG 2.2 A and AA, with the elements that do. */
export async function violations(page: Page): Promise<string[]> {
  const { default: axe } = await import(AXE);
  await page.evaluate(`${axe.source};0`);
  return await page.evaluate(async () => {
    // deno-lint-ignore no-explicit-any -- the page's own axe
    const { violations } = await (globalThis as any).axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"],
    });
    return violations.map((violation: { id: string; nodes: { html: string }[] }) =>
      `${violation.id}: ${violation.nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`
    );
  });
}
