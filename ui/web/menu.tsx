/**
 * A menu at a place of the window.
 *
 * @module
 */
// @ts-types="@types/react"
import { type KeyboardEvent, useEffect, useRef } from "react";

/** Something in a menu. */
export interface MenuItem {
  readonly label: string;
  readonly keys?: string;
  /** Why it cannot be done now. */
  readonly off?: string | undefined;
  readonly run: () => void;
}

/** A menu and where it stands. */
export interface Menu {
  readonly x: number;
  readonly y: number;
  readonly items: readonly MenuItem[];
}

const WIDTH = 230;
const ITEM_HEIGHT = 30;

/** Shows a menu: arrows move, Escape closes and gives the focus back. */
export function ContextMenu({ menu, close }: { menu: Menu; close: () => void }) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    list.current?.querySelector("button")?.focus();
    const outside = (event: Event) => {
      if (!list.current?.contains(event.target as Node)) close();
    };
    addEventListener("pointerdown", outside, { capture: true });
    return () => {
      removeEventListener("pointerdown", outside, { capture: true });
      if (document.activeElement === document.body) before?.focus?.();
    };
  }, [menu]);
  const onKey = (event: KeyboardEvent) => {
    const buttons = [...list.current?.querySelectorAll("button") ?? []];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const moves: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: buttons.length - 1,
    };
    const to = moves[event.key];
    if (event.key === "Escape" || event.key === "Tab") close();
    else if (to !== undefined) buttons[(to + buttons.length) % buttons.length]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <ul
      ref={list}
      className="menu"
      role="menu"
      onKeyDown={onKey}
      style={{
        width: WIDTH,
        left: Math.max(0, Math.min(menu.x, innerWidth - WIDTH - 8)),
        top: Math.max(0, Math.min(menu.y, innerHeight - ITEM_HEIGHT * menu.items.length - 16)),
      }}
    >
      {menu.items.map((item) => (
        <li key={item.label} role="none">
          <button
            type="button"
            role="menuitem"
            aria-disabled={item.off !== undefined}
            title={item.off}
            onClick={() => {
              if (item.off !== undefined) return;
              close();
              item.run();
            }}
          >
            {item.label}
            {item.keys && <kbd>{item.keys}</kbd>}
          </button>
        </li>
      ))}
    </ul>
  );
}
