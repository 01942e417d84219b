/**
 * What stands over everything: lists of commands, questions, help.
 *
 * @module
 */
import { CloseGuard, Compare, Conflict, SaveAs } from "./dialogs/file_dialogs.tsx";
import { Help } from "./dialogs/help.tsx";
import { NewFunction } from "./dialogs/new_function.tsx";
import { ConnectPorts, Find, Palette } from "./dialogs/palette.tsx";
import { ExportDialog } from "./export_dialog.tsx";
import { useStudio } from "./studio.ts";

/** The dialog that is open. */
export function Dialogs() {
  const dialog = useStudio(({ dialog }) => dialog);
  if (!dialog) return null;
  switch (dialog.kind) {
    case "palette":
      return <Palette />;
    case "find":
      return <Find />;
    case "connect":
      return <ConnectPorts />;
    case "help":
      return <Help />;
    case "newFunction":
      return <NewFunction />;
    case "saveAs":
      return <SaveAs />;
    case "export":
      return <ExportDialog />;
    case "close":
      return <CloseGuard tab={dialog.tab} />;
    case "conflict":
      return <Conflict message={dialog.message} />;
    case "compare":
      return <Compare tab={dialog.tab} />;
  }
}
