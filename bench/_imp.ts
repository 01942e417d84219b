const r = () => { (globalThis as any).gc?.(); return (Deno.memoryUsage().rss / 1e6) | 0; };
console.log("bare", r());
for (const m of Deno.args) { const t = performance.now(); await import(m); console.log(m, r(), (performance.now() - t) | 0, "ms"); }
