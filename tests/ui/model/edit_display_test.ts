import { assert, assertEquals } from "@std/assert";
import { editData, type RawObject, sameData } from "../../../ui/model/document.ts";
import { openPortGroups, showDescriptions } from "../../../ui/model/edit_display.ts";
import { type DrawnNode, graphView } from "../../../ui/model/graph_view.ts";
import { rowY } from "../../../ui/model/node_geometry.ts";
import { dataOf } from "./_documents.ts";

const NET = dataOf({
  graph: {
    nodes: [
      {
        name: "a",
        description: "A long description ".repeat(12),
        in_ports: { "x.a.one": {}, "x.a.two": {}, "x.b": {}, plain: {} },
      },
      { name: "b" },
    ],
  },
});
const drawn = (data: RawObject): DrawnNode => graphView(data, ["graph"]).nodes[0]!;

Deno.test("an expanded description takes room, and the ports stand below it", () => {
  const view = graphView(NET, ["graph"]);
  const shown = editData(NET, (draft) => showDescriptions(draft, view, true));
  const [before, after] = [drawn(NET), drawn(shown)];
  const more = after.height - before.height;
  assert(more >= 16, `${more} more`);
  assertEquals(rowY(after, 0) - rowY(before, 0), more);
  const back = editData(
    shown,
    (draft) => showDescriptions(draft, graphView(shown, ["graph"]), false),
  );
  assertEquals(sameData(back, NET), true);
});

Deno.test("groups of ports are opened and closed at every depth", () => {
  const rows = (data: RawObject) => drawn(data).inRows.map(({ label }) => label);
  const view = graphView(NET, ["graph"]);
  const open = editData(NET, (draft) => openPortGroups(draft, view, true));
  assertEquals(rows(open), ["x", "a", "one", "two", "b", "plain"]);
  assertEquals(rows(editData(open, (draft) => openPortGroups(draft, view, false))), ["x", "plain"]);
});
