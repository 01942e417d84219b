/**
 * What has to be known before one goes on, above the canvas.
 *
 * @module
 */
// @ts-types="@types/react"
import type { ReactNode } from "react";
import { callPlain } from "./api.ts";
import { forgetFactories } from "./factory_ports.ts";
import { enter, sayError, type Tab, update, updateTab, useStudio } from "./studio.ts";
import { reload } from "./tabs.ts";

/** Banners above the canvas. */
export function Banners({ tab }: { tab: Tab | undefined }) {
  const isConnected = useStudio(({ isConnected }) => isConnected);
  const isTrusted = useStudio(({ isTrusted }) => isTrusted);
  const root = useStudio(({ root }) => root);
  const isAlone = useStudio(({ isAlone }) => isAlone);
  return (
    <>
      {!isConnected && (
        <Banner tone="error">
          The server does not answer. Your edits are kept here, and saving works again once it is
          back.
        </Banner>
      )}
      {tab?.isStale && (
        <Banner tone="warn">
          {tab.path} was changed by someone else, and here too.
          <button
            type="button"
            onClick={() => update({ dialog: { kind: "compare", tab: tab.id } })}
          >
            Compare
          </button>
          <button type="button" onClick={() => reload(tab.id)}>Reload the file</button>
          <button type="button" onClick={() => updateTab(tab.id, { isStale: false })}>
            Keep these changes
          </button>
        </Banner>
      )}
      {!isTrusted && !isAlone && tab && (
        <Banner tone="info">
          This folder is not trusted: none of its code runs, so ports of its factories are not
          known.
          <button
            type="button"
            title={root}
            onClick={async () => {
              try {
                await callPlain("/trust", {});
                update({ isTrusted: true, made: new Map() });
                forgetFactories();
              } catch (error) {
                sayError(error);
              }
            }}
          >
            Trust this folder
          </button>
        </Banner>
      )}
    </>
  );
}

function Banner({ tone, children }: { tone: string; children: ReactNode }) {
  return (
    <div className={`banner ${tone}`} role={tone === "error" ? "alert" : "status"}>{children}</div>
  );
}

/** The way from the outermost graph to the one that is shown. */
export function Breadcrumb({ tab }: { tab: Tab }) {
  if (tab.scope.length === 0) return null;
  return (
    <nav className="breadcrumb" aria-label="Subgraphs">
      <button type="button" onClick={() => enter([])}>
        {tab.path?.split("/").at(-1) ?? "Untitled"}
      </button>
      {tab.scope.map((name, i) => (
        <span key={name}>
          <span aria-hidden="true">›</span>
          <button
            type="button"
            disabled={i === tab.scope.length - 1}
            onClick={() => enter(tab.scope.slice(0, i + 1))}
          >
            {name}
          </button>
        </span>
      ))}
    </nav>
  );
}
