/* The same case in several runs, side by side: a column a run, a row a call, from the first call on that differs. */
"use strict";
vss.sides = (() => {
  const { el, add } = vss;
  const AHEAD = 64; // how far to look for a step that another run has not come to yet

  /* What the plan says of a step is no answer: it may differ with the version that a run stands for. */
  const answer = (step) => step === null ? null : JSON.stringify(Object.entries(step)
    .filter(([key]) => !["title", "expected", "basis", "page", "because", "requirement"].includes(key)).sort());

  /* In the order of the program, as threads end their steps in no fixed one; the teardown comes last. */
  const ordered = (steps) => {
    const place = (step) => step.s < 0 ? Infinity : step.s;
    const variable = (step) => step.s < 0 ? step.var || "" : "";
    return [...steps].sort((a, b) => place(a) < place(b) ? -1 : place(a) > place(b) ? 1
      : variable(a) < variable(b) ? -1 : variable(a) > variable(b) ? 1 : 0);
  };

  const keyOf = (step) => [step.s, step.i, step.var, step.writer].join("|");

  /* Rows of steps: an array by column, null where a run has not made the step. The order is that of each run. */
  const align = (columns) => {
    const at = columns.map(() => 0);
    const rows = [];
    for (;;) {
      const heads = columns.map((steps, c) => at[c] < steps.length ? keyOf(steps[at[c]]) : null);
      const keys = [...new Set(heads.filter((key) => key !== null))];
      if (keys.length === 0) {
        return rows;
      }
      const comesLater = (key) => columns.some((steps, c) => heads[c] !== null && heads[c] !== key &&
        steps.slice(at[c], at[c] + AHEAD).some((step) => keyOf(step) === key));
      const key = keys.find((one) => !comesLater(one)) ?? keys[0];
      rows.push(columns.map((steps, c) => heads[c] === key ? steps[at[c]++] : null));
    }
  };

  const differs = (row) => new Set(row.map(answer)).size > 1;

  const cell = (step, detail) => step === null ? el("td", "soft", "not made")
    : el("td", "", vss.trace.given(step, detail.findings.filter((finding) => finding.s === step.s && step.s >= 0)));

  const rowOf = (row, details) => {
    const step = row.find((one) => one !== null);
    const other = differs(row);
    const mark = other ? "side-row differs" : "side-row";
    const call = el("th", "step-call", step.s >= 0 ? `${step.s + 1}  ` : "", step.call || `step ${step.s + 1}`);
    call.colSpan = row.length;
    return [el("tr", `${mark} call`, call), el("tr", mark, other ? row.map((one, c) => cell(one, details[c]))
      : (() => {
        const same = cell(step, details[row.indexOf(step)]);
        same.colSpan = row.length;
        return same;
      })())];
  };

  const wide = (count, ...children) => {
    const made = el("td", "side-note", ...children);
    made.colSpan = count;
    return el("tr", "", made);
  };

  const table = (columns, details, rows, headed) => {
    const made = el("table", "sides");
    for (let c = 0; c < columns.length; c++) {
      const column = el("col", "");
      column.style.width = `${100 / columns.length}%`;
      made.append(column);
    }
    if (headed) {
      add(made, el("thead", "", el("tr", "", columns.map((column) => el("th", "", column.head)))));
    }
    return add(made, el("tbody", "", rows));
  };

  /* columns: [{head (an element), detail (of vss.trace.load, or null)}, …]. */
  const show = (columns) => {
    const details = columns.map((column) => column.detail || { steps: [], findings: [] });
    const rows = align(details.map((detail) => ordered(detail.steps)));
    const first = rows.findIndex(differs);
    const before = first < 0 ? rows.length : first;
    const notes = details.map((detail) => el("td", "", vss.trace.words(detail)));
    const ends = details.map((detail) => vss.trace.died(detail.end));
    const found = details.map((detail) => el("td", "", vss.trace.findings(detail)));
    const body = [];
    if (notes.some((note) => note.childElementCount > 0)) {
      body.push(el("tr", "", notes));
    }
    if (columns.length > 1 && rows.length > 0) {
      body.push(wide(columns.length, first < 0 ? "Every call gave the same." : first === 0 ? "The first call differs."
        : `The first ${first} of ${rows.length} calls gave the same.`));
    }
    body.push(...rows.slice(columns.length > 1 ? before : 0).flatMap((row) => rowOf(row, details)));
    if (ends.some((end) => end !== null)) {
      body.push(el("tr", "side-row differs", ends.map((end) => el("td", "", end || el("span", "soft", "ended by itself")))));
    }
    if (found.some((finding) => finding.childElementCount > 0)) {
      body.push(el("tr", "", found));
    }
    const whole = el("div", "side-box", table(columns, details, body, true));
    if (columns.length > 1 && before > 0) {
      const earlier = el("details", "earlier", el("summary", "", `${before} calls that gave the same`));
      // made when it is first wanted
      earlier.addEventListener("toggle", () => {
        if (earlier.childElementCount === 1) {
          earlier.append(table(columns, details, rows.slice(0, before).flatMap((row) => rowOf(row, details)), false));
        }
      });
      return el("div", "trace", whole, earlier);
    }
    return el("div", "trace", whole);
  };

  return { show, align };
})();
