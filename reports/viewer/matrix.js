/* The page of several runs. What is shown is what the address bar says: #case=ID opens a case; q, differs, only, kind and
   verdict filter the list. */
"use strict";
(() => {
  const { el, add, button } = vss;
  const facts = vss.data("facts");
  const rows = vss.data("rows");
  vss.verdicts = facts.verdicts;

  // the columns of a row, as matrix_html.c writes them
  const ID = 0, TITLE = 1, VERDICTS = 2, LIKES = 3, KIND = 4;
  const ROW_HEIGHT = 48;
  const FILTERS = ["q", "differs", "only", "kind", "verdict"];
  const runs = facts.runs;
  const isComparison = facts.kinds !== null;
  const letter = (run) => isComparison ? ["old", "new"][run] : String.fromCharCode(65 + run);
  const prefix = (run) => String.fromCharCode(97 + run);
  const numberOf = new Map(rows.map((row, i) => [row[ID], i]));

  const likesOf = (row) => row[LIKES] === 0 ? runs.map(() => 0) : row[LIKES];
  const isBad = (verdict) => verdict !== null && facts.verdicts[verdict][2];

  /* The number of each row's trace, by run; the rows whose trace stands there are numbered in their order. */
  const traces = runs.map((_, run) => {
    let next = 0;
    return Int32Array.from(rows, (row) => row[VERDICTS][run] !== null && likesOf(row)[run] === run ? next++ : -1);
  });

  let shown = [];
  let cursor = -1;
  let opened = -1;

  /* --- filters --- */

  const passes = (hash) => {
    const tests = [];
    const words = (hash.get("q") || "").toLowerCase().split(/\s+/).filter((word) => word !== "");
    if (words.length > 0) {
      tests.push((row) => {
        const text = `${row[ID]}\n${row[TITLE]}`.toLowerCase();
        return words.every((word) => text.includes(word));
      });
    }
    if (hash.get("differs")) {
      tests.push((row) => row[LIKES] !== 0);
    }
    const only = runs.findIndex((_, run) => letter(run) === hash.get("only"));
    if (hash.get("only")) {
      tests.push((row) => only >= 0 && row[VERDICTS].every((verdict, run) => isBad(verdict) === (run === only)));
    }
    const kinds = new Set((hash.get("kind") || "").split(",").filter((word) => word !== ""));
    if (kinds.size > 0) {
      tests.push((row) => isComparison && facts.kinds[row[KIND]] !== undefined && kinds.has(facts.kinds[row[KIND]][0]));
    }
    const verdicts = new Set((hash.get("verdict") || "").split(",").filter((word) => word !== ""));
    if (verdicts.size > 0) {
      tests.push((row) => row[VERDICTS].some((verdict) => verdict !== null && verdicts.has(facts.verdicts[verdict][0])));
    }
    return (row) => tests.every((test) => test(row));
  };

  /* --- the list --- */

  const badge = (row, run) => {
    const verdict = row[VERDICTS][run];
    if (verdict === null) {
      const none = el("span", "badge none", "–");
      none.title = `${letter(run)}: not in the run`;
      return none;
    }
    const made = vss.badge(verdict);
    const likes = likesOf(row);
    const apart = row[VERDICTS].some((other, i) => i < likes[run] && other === verdict);
    made.classList.toggle("apart", apart);
    made.title = `${letter(run)}: ${made.title}${apart ? ", other answers" : ""}`;
    made.setAttribute("aria-label", made.title);
    return made;
  };

  const draw = (number) => {
    const row = rows[number];
    const item = el("a", "item", el("span", "cells", runs.map((_, run) => badge(row, run))), el("span", "name", row[ID]),
      el("span", "line", row[TITLE]), isComparison && row[KIND] !== null ? el("span", "side", facts.kinds[row[KIND]][0]) : null);
    item.href = vss.hash.text({ case: row[ID] });
    item.classList.toggle("open", number === opened);
    item.classList.toggle("cursor", number === cursor);
    item.tabIndex = -1;
    item.addEventListener("click", (event) => {
      if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
        event.preventDefault();
        open(number, false);
      }
    });
    return item;
  };

  const box = el("div", "list");
  const list = vss.list(box, ROW_HEIGHT, draw);
  const open = (number, replace) => vss.hash.set({ case: rows[number][ID] }, replace);

  const fill = () => {
    const test = passes(vss.hash.read());
    shown = rows.map((row, i) => test(row) ? i : -1).filter((i) => i >= 0);
    list.set(shown, false);
    empty.hidden = shown.length > 0;
    const all = `${vss.number(rows.length)} cases${isComparison ? " differ" : ""}`;
    count.textContent = shown.length === rows.length ? all : `${vss.number(shown.length)} of ${all}`;
    cursor = shown.includes(cursor) ? cursor : -1;
  };

  const move = (by) => {
    const now = shown.indexOf(cursor);
    const next = now < 0 ? (by > 0 ? 0 : shown.length - 1) : Math.max(0, Math.min(shown.length - 1, now + by));
    if (shown.length > 0) {
      cursor = shown[next];
      list.reveal(next);
      list.refresh();
      if (opened >= 0) {
        open(cursor, true);
      }
    }
  };

  /* --- controls --- */

  const count = el("span", "count");
  count.setAttribute("role", "status");
  const clear = () => vss.hash.set(Object.fromEntries(FILTERS.map((key) => [key, null])), false);
  const empty = el("div", "empty", rows.length === 0 && isComparison ? "Nothing differs." : "No case is like that. ",
    rows.length === 0 ? null : button("small", clear, "show all"));
  box.append(empty);

  const chips = [];
  const chip = (key, word, many, ...children) => {
    const made = button("chip plain", () => {
      const now = (vss.hash.read().get(key) || "").split(",").filter((one) => one !== "");
      const without = now.filter((one) => one !== word);
      vss.hash.set({ [key]: (without.length < now.length ? without : many ? [...now, word] : [word]).join(",") }, true);
    }, ...children);
    made.dataset.filter = `${key}:${word}`;
    chips.push([made, key, word]);
    return made;
  };
  const countOf = (test) => rows.filter(test).length;
  const kindChips = !isComparison ? [] : facts.kinds.map(([name, title], kind) => [name, title, countOf((row) => row[KIND] === kind)])
    .filter(([, , n]) => n > 0).map(([name, title, n]) => chip("kind", name, true, `${title} ${vss.number(n)}`));
  const differsChip = isComparison ? null : chip("differs", "1", false, `differs ${vss.number(facts.differing)}`);
  const onlyChips = isComparison || runs.length < 2 ? [] : runs.map((_, run) => chip("only", letter(run), false, `only ${letter(run)} fails `,
    vss.number(countOf((row) => row[VERDICTS].every((verdict, i) => isBad(verdict) === (i === run))))));
  const verdictChips = facts.verdicts.map(([name], v) => [name, countOf((row) => row[VERDICTS].includes(v))]).filter(([, n]) => n > 0)
    .map(([name, n]) => chip("verdict", name, true, vss.badge(name), ` ${vss.words(name)} ${vss.number(n)}`));

  const search = el("input", "");
  search.type = "search";
  search.placeholder = "Search ids and titles";
  search.setAttribute("aria-label", search.placeholder);
  search.dataset.filter = "q";
  search.addEventListener("input", () => vss.hash.set({ q: search.value }, true));
  const clearing = button("small", clear, "Clear filters");
  const filters = el("div", "filters", el("div", "row", search), el("div", "row", kindChips, differsChip, onlyChips),
    el("div", "row", verdictChips), el("div", "row", count, clearing));

  const showFilters = (hash) => {
    for (const [made, key, word] of chips) {
      made.setAttribute("aria-pressed", String((hash.get(key) || "").split(",").includes(word)));
    }
    if (search.value !== (hash.get("q") || "")) {
      search.value = hash.get("q") || "";
    }
    clearing.hidden = FILTERS.every((key) => !hash.get(key));
  };

  /* --- right: all runs, or one case --- */

  const overview = () => el("div", "overview",
    el("section", "section", el("h2", "", "Runs"),
      facts.forced ? el("div", "trace-word", el("strong", "", "compared all the same: "), facts.forced) : null,
      el("table", "suites runs", el("thead", "", el("tr", "", el("th", "", ""), el("th", "", "run"),
        facts.verdicts.map(([name], v) => runs.some((run) => run.totals[v] > 0) ? el("th", "number", vss.badge(name)) : null))),
      el("tbody", "", runs.map((run, i) => el("tr", "", el("td", "", el("strong", "", letter(i))), el("td", "", run.words),
        facts.verdicts.map((_, v) => runs.some((one) => one.totals[v] > 0) ? el("td", "number", vss.number(run.totals[v])) : null)))))),
    el("div", "", `${vss.number(facts.count)} cases, ${vss.number(facts.differing)} differ. `,
      el("span", "soft", "A case leads to its calls in the runs, side by side, from the first one on that differs. A letter in a " +
        "frame: the verdict of a run before it, but other answers.")),
    el("div", "legend", facts.verdicts.map(([name]) => el("span", "", vss.badge(name), vss.words(name)))));

  /* Runs that saw the same share a column. */
  const columnsOf = (number) => {
    const row = rows[number];
    const likes = likesOf(row);
    return [...new Set(likes)].filter((run) => row[VERDICTS][run] !== null).map((run) => {
      const alike = runs.map((_, i) => i).filter((i) => likes[i] === run);
      return {
        head: el("div", "side-head", badge(row, run), ` ${alike.map((i) => `${letter(i)} ${runs[i].name}`).join(", ")}: `,
          vss.words(facts.verdicts[row[VERDICTS][run]][0])),
        detail: vss.trace.load(prefix(run), traces[run][number]),
      };
    });
  };

  const caseView = (number) => {
    const row = rows[number];
    const absent = runs.map((_, run) => run).filter((run) => row[VERDICTS][run] === null);
    const link = el("button", "", "Copy link");
    link.type = "button";
    link.addEventListener("click", () => vss.copy(location.href.split("#")[0] + `#case=${encodeURIComponent(row[ID])}`, link));
    return el("article", "trace", el("header", "trace-head",
      el("div", "trace-id", el("h2", "", row[ID]), link), el("div", "trace-title", row[TITLE]),
      absent.length > 0 ? el("div", "soft", `not in ${absent.map(letter).join(", ")}`) : null),
    vss.sides.show(columnsOf(number)));
  };

  /* --- the whole --- */

  const home = el("a", "", isComparison ? "Two runs compared" : "Cases and runs");
  home.href = "#";
  const back = () => vss.hash.set({ case: null, view: null }, false);
  const page = el("div", "page",
    el("header", "top", el("h1", "", home), isComparison ? el("span", facts.result === "regressions" ? "pill bad" : "pill good", facts.result) : null,
      el("span", "soft", runs.map((run, i) => `${letter(i)} ${run.name}`).join(" · ")),
      el("div", "tools", button("only-phone to-list", back, "Cases"),
        button("only-phone", () => vss.hash.set({ view: "overview", case: null }, false), "Runs"), button("only-desk", back, "Runs"))),
    el("main", "panes", el("section", "left", filters, box), el("section", "right")));
  const right = page.querySelector(".right");
  document.body.append(page);

  let filtered = null;
  const follow = () => {
    const hash = vss.hash.read();
    const filter = FILTERS.map((key) => `${key}=${hash.get(key) || ""}`).join("&");
    opened = numberOf.get(hash.get("case")) ?? -1;
    showFilters(hash);
    if (filter !== filtered) {
      filtered = filter;
      fill();
    }
    if (opened >= 0 && shown.includes(opened)) {
      cursor = opened;
      list.reveal(shown.indexOf(opened));
    }
    list.refresh();
    page.classList.toggle("aside", hash.has("case") || hash.get("view") === "overview");
    right.replaceChildren(opened >= 0 ? caseView(opened) : hash.has("case")
      ? el("p", "empty", `No run has a case ${hash.get("case")}${isComparison ? " that differs" : ""}.`) : overview());
    right.scrollTop = 0;
  };

  const enter = () => {
    if (cursor >= 0) {
      open(cursor, false);
    }
    return cursor >= 0;
  };
  vss.keys({
    j: () => move(1), k: () => move(-1), c: clear, Escape: () => opened >= 0 && back(),
    "/": () => { page.classList.remove("aside"); search.focus(); search.select(); },
  }, { search, enter });
  addEventListener("hashchange", follow);
  follow();
})();
