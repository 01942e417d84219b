/**
 * How the viewer looks: colours of both themes, and everything that is drawn with them.
 *
 * @module
 */

const LIGHT = `
  color-scheme: light;
  --ground: #f4f6f8; --surface: #fff; --line: #dde3ea; --line-strong: #b7c2ce; --text: #18212b;
  --dim: #566475; --accent: #0b7a67; --accent-solid: #0f7c6b; --node: #fff; --head: #f1f4f7;
  --edge: #8494a6; --amber: #8a5a00; --blue: #1f63b5; --violet: #6b46c8; --red: #c4291f;
`;
const DARK = `
  color-scheme: dark;
  --ground: #0e1318; --surface: #151b22; --line: #28323d; --line-strong: #3d4a58; --text: #e8edf3;
  --dim: #9aa8b7; --accent: #35c0a3; --accent-solid: #12806f; --node: #1a222b; --head: #212b36;
  --edge: #62748a; --amber: #e3b341; --blue: #7cb8ff; --violet: #b69cff; --red: #ff7b72;
`;

/** The rules, for the inside of the viewer's own element. */
export const VIEWER_STYLE: string = `
:host { display: block; width: 100%; height: 100%; ${LIGHT} }
:host([data-theme="dark"]) { ${DARK} }
@media (prefers-color-scheme: dark) { :host([data-theme="system"]) { ${DARK} } }
* { box-sizing: border-box; }
.viewer {
  display: flex; width: 100%; height: 100%; background: var(--ground); color: var(--text);
  font: 13px/1.45 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
}
.stage { position: relative; flex: 1; min-width: 0; overflow: hidden; }
.drawing { width: 100%; height: 100%; display: block; touch-action: none; cursor: grab; }
.drawing:focus-visible, .node:focus-visible { outline: none; }
.drawing:focus-visible { box-shadow: inset 0 0 0 2px var(--accent); }
text { fill: var(--text); font-size: 12.5px; user-select: none; }
.box { fill: var(--node); stroke: var(--line-strong); }
.head { fill: var(--head); }
.node { cursor: pointer; }
.node:hover .box { stroke: var(--dim); }
.node.selected .box, .node:focus-visible .box { stroke: var(--accent); stroke-width: 2; }
.node.expanded > .box { fill: color-mix(in srgb, var(--violet) 7%, transparent); stroke-dasharray: 5 4; }
.name { font-weight: 600; }
.badge { fill: var(--dim); font-size: 11px; font-weight: 600; }
.kind { fill: var(--blue); }
.factory > .kind { fill: var(--accent); }
.subgraph > .kind { fill: var(--violet); }
.description, .type { fill: var(--dim); font-size: 11.5px; }
.handle { fill: var(--node); stroke: var(--edge); stroke-width: 2; }
.signal .port, .control .port { fill: var(--violet); }
.error .port, .missing .port { fill: var(--red); }
.edge .line { fill: none; stroke: var(--edge); stroke-width: 1.6; }
.edge .reach { fill: none; stroke: transparent; stroke-width: 12; cursor: pointer; }
.edge.dependency .line { stroke: var(--violet); stroke-dasharray: 6 5; }
.edge.selected .line, .edge:hover .line { stroke: var(--accent); stroke-width: 2.4; }
.arrow { fill: var(--edge); }
.decoration rect, .decoration ellipse, .decoration path {
  fill: color-mix(in srgb, var(--surface) 70%, transparent); stroke: var(--line-strong);
}
.decoration.divider rect { fill: var(--line-strong); }
.decoration.label text { font-weight: 600; }
.chip rect { fill: var(--accent-solid); }
.chip text { fill: #fff; font-size: 11px; font-weight: 650; text-anchor: middle; }
.ring { fill: none; stroke-width: 2.5; pointer-events: none; }
.ring.startable { stroke: var(--amber); }
.ring.running { stroke: var(--blue); }
.state { font-size: 11px; font-weight: 650; }
.state.startable { fill: var(--amber); }
.state.running { fill: var(--blue); }
.title { position: absolute; left: 16px; top: 12px; margin: 0; font-size: 15px; font-weight: 600;
  pointer-events: none; max-width: 70%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.tools { position: absolute; left: 14px; bottom: 14px; display: grid; background: var(--surface);
  border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
.tools button { border: 0; border-radius: 0; width: 30px; height: 30px; padding: 0; }
.map { position: absolute; right: 14px; bottom: 14px; width: 150px; height: 100px; cursor: pointer;
  background: var(--surface); border: 1px solid var(--line); border-radius: 8px; }
.map rect { fill: var(--line-strong); }
.map .window { fill: var(--accent); fill-opacity: .15; stroke: var(--accent); vector-effect: non-scaling-stroke; }
.side { width: 300px; flex: none; overflow-y: auto; padding: 14px; background: var(--surface);
  border-inline-start: 1px solid var(--line); display: flex; flex-direction: column; gap: 10px; }
.side[hidden] { display: none; }
h2 { font-size: 14px; margin: 0; }
h3 { font-size: 11px; margin: 8px 0 0; color: var(--dim); text-transform: uppercase; letter-spacing: .06em; }
p, ul { margin: 0; }
ul { list-style: none; padding: 0; display: grid; gap: 4px; }
li { overflow-wrap: anywhere; }
small, .dim { color: var(--dim); font-size: 12px; }
button, select, input { font: inherit; color: inherit; background: var(--surface);
  border: 1px solid var(--line); border-radius: 6px; padding: 4px 10px; min-height: 28px; }
button { cursor: pointer; }
button:hover:not(:disabled) { background: var(--head); }
button:disabled { opacity: .45; cursor: default; }
button.primary { background: var(--accent-solid); border-color: transparent; color: #fff; font-weight: 600; }
button:focus-visible, select:focus-visible, input:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
label { display: grid; gap: 4px; color: var(--dim); font-size: 12px; }
label select, label input { color: var(--text); width: 100%; }
.buttons { display: flex; flex-wrap: wrap; gap: 6px; }
.epoch { display: flex; gap: 6px; align-items: center; }
.epoch span { flex: 1; min-width: 0; display: grid; }
.holds { color: var(--accent); }
.fails { color: var(--red); font-weight: 600; }
@media (max-width: 700px) {
  .viewer { flex-direction: column; }
  .side { width: auto; max-height: 45%; border-inline-start: 0; border-top: 1px solid var(--line); }
  .map { display: none; }
}
`;
