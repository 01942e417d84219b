/**
 * A dialog that stands over everything.
 *
 * @module
 */
// @ts-types="@types/react"
import { type ReactNode, useEffect, useRef } from "react";
import { update } from "./studio.ts";

/** Closes the dialog that is open. */
export function closeDialog(): void {
  update({ dialog: undefined });
}

/** A dialog that holds the focus and gives it back. */
export function Modal(
  { title, children, wide }: { title: string; children: ReactNode; wide?: boolean },
) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    dialog.current?.showModal();
    return () => before?.focus?.();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={wide ? "wide" : ""}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        closeDialog();
      }}
      onClick={(event) => event.target === dialog.current && closeDialog()}
    >
      <div className="dialog-body">{children}</div>
    </dialog>
  );
}
