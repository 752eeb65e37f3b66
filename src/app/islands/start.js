(script, wasm) => {
  // Finds the islands in document order and gives each to its function; the children of an island are told first that their
  // parent is there, as Leptos expects.
  const parents = [];
  const hydrate = async (node, functions) => {
    for (const child of node.children) {
      const tag = child.localName;
      if (tag === "leptos-island") {
        parents.at(-1)?.();
        await functions[child.dataset.component]?.(child);
      }
      if (tag === "leptos-children") parents.push(child.$$on_hydrate);
      await hydrate(child, functions);
      if (tag === "leptos-children") parents.pop();
    }
  };
  import(script).then(async (functions) => {
    await functions.default({ module_or_path: wasm });
    functions.hydrate();
    await hydrate(document.body, functions);
  });
}
