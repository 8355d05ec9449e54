/* The heat map: methods by states, each cell with the worst verdict of its cases. */
"use strict";

/* How bad a verdict is, by name: the worst one gives a cell its colour. */
vss.badness = (name) => ["skip", "recorded", "pass", "inconclusive", "not_implemented", "fail", "hang", "crash", "error"]
  .indexOf(name);

/* vss.heat(cells, verdictOf, idOf): cells as html_cells.h has them; verdictOf(case) is a number. A cell leads to
   #cell=Method@state&case=ID, its cases and the first of the worst. */
vss.heat = (cells, verdictOf, idOf) => {
  const { el, add } = vss;
  const at = new Map(cells.cells.map(([method, state, what]) => [method * cells.states.length + state, what]));

  const cell = (method, state) => {
    const what = at.get(method * cells.states.length + state);
    const place = `${cells.methods[method]} in ${cells.states[state][0]}`;
    if (!Array.isArray(what)) {
      const empty = el("td", what === undefined ? "" : "none");
      empty.title = what === undefined ? `${place}: no case of this run` : `${place}: ${what}`;
      return empty;
    }
    const badness = (number) => vss.badness(vss.verdicts[verdictOf(number)][0]);
    const worst = what.reduce((a, b) => badness(b) > badness(a) ? b : a);
    const [name, letter] = vss.verdicts[verdictOf(worst)];
    const link = el("a", "", letter);
    link.href = `#${new URLSearchParams({ cell: `${cells.methods[method]}@${cells.states[state][0]}`, case: idOf(worst) })}`;
    link.tabIndex = -1;
    const box = el("td", `v-${name}`, link);
    box.title = vss.plain(`${place}: ${vss.words(name)}, ${what.length} case${what.length === 1 ? "" : "s"}`);
    return box;
  };

  const head = el("tr", "", el("th", "", ""));
  for (const [id, text] of cells.states) {
    const title = el("th", "", el("span", "", id));
    title.scope = "col";
    title.title = vss.plain(text);
    add(head, title);
  }
  const body = el("tbody", "");
  cells.methods.forEach((name, method) => {
    const row = el("tr", "", el("th", "", name));
    row.firstChild.scope = "row";
    cells.states.forEach((_, state) => add(row, cell(method, state)));
    add(body, row);
  });
  const box = el("div", "heat-box", el("table", "heat", el("thead", "", head), body));
  box.tabIndex = 0;
  return box;
};
