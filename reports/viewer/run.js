/* The page of a run. What is shown is what the address bar says: #case=ID opens a case; verdict, state, suite, method,
   requirement, cell and q filter the list. */
"use strict";
(() => {
  const { el, add, button } = vss;
  const facts = vss.data("facts");
  const rows = vss.data("cases");
  const methods = vss.data("methods");
  const requirements = vss.data("requirements");
  const cells = vss.data("cells");
  const questions = vss.data("questions");
  vss.verdicts = facts.verdicts;

  // the columns of a row, as format_html.c writes them
  const SUITE = 0, REST = 1, TITLE = 2, VERDICT = 3, AGAINST = 4, STANDING = 5, EXPECTED = 6, LEVEL = 7, US = 8, LINE = 9,
    REQUIREMENTS = 10, METHODS = 11, TAGS = 12, QUESTION = 13, ADVISORY = 14;
  const FILTERS = ["verdict", "state", "suite", "method", "requirement", "cell", "q"];
  const PRINTED_MOST = 5000;
  const ROW_HEIGHT = 48;

  const suiteName = (number) => number < 0 ? "" : facts.suites[number][0];
  const idOf = (row) => row[SUITE] < 0 ? row[REST] : `${suiteName(row[SUITE])}/${row[REST]}`;
  const numberOf = new Map();
  rows.forEach((row, i) => numberOf.set(idOf(row), i));
  const suitesUsed = [...new Set(rows.map((row) => row[SUITE]))];
  const methodsSorted = [...methods].sort();

  let texts = null; // of each row, for the search; made when it is first used
  let shown = [];   // numbers of the rows that the filters let through
  let items = [];   // of the list: a number of a row, or {suite}
  let place = new Map(); // of a row in items
  let cursor = -1;  // a number of a row
  let opened = -1;

  /* --- filters --- */

  const cellCases = (text) => {
    const [method, state] = text.split("@");
    const m = cells === null ? -1 : cells.methods.indexOf(method);
    const s = cells === null ? -1 : cells.states.findIndex(([id]) => id === state);
    const found = m < 0 || s < 0 ? undefined : cells.cells.find((cell) => cell[0] === m && cell[1] === s);
    return new Set(found !== undefined && Array.isArray(found[2]) ? found[2] : []);
  };

  const searchTexts = () => {
    if (texts === null) {
      texts = rows.map((row) => `${idOf(row)}\n${row[TITLE]}\n${row[LINE]}\n${row[QUESTION] || ""}`.toLowerCase());
    }
    return texts;
  };

  /* The numbers of the names that have the text in them; the whole name alone, where there is such a one. */
  const numbersLike = (names, text) => {
    const low = text.toLowerCase();
    const whole = names.findIndex((name) => name.toLowerCase() === low);
    const found = whole >= 0 ? [whole] : names.map((name, i) => name.toLowerCase().includes(low) ? i : -1);
    return new Set(found.filter((i) => i >= 0));
  };

  const passes = (hash) => {
    const tests = [];
    const is = (key, test) => hash.get(key) && tests.push(test(hash.get(key)));
    is("verdict", (text) => {
      const wanted = new Set(text.split(","));
      return (row) => wanted.has(facts.verdicts[row[VERDICT]][0]);
    });
    is("state", (text) => {
      const wanted = new Set(text.split(","));
      return (row) => wanted.has(facts.standings[row[STANDING]]) || wanted.has(facts.againsts[row[AGAINST]]) ||
        (row[ADVISORY] && wanted.has("advisory"));
    });
    is("suite", (text) => {
      const wanted = facts.suites.findIndex(([id]) => id === text);
      return (row) => row[SUITE] === wanted;
    });
    is("method", (text) => {
      const wanted = numbersLike(methods, text);
      return (row) => row[METHODS].some((m) => wanted.has(m));
    });
    is("requirement", (text) => {
      const wanted = numbersLike(requirements.map((one) => one.id), text);
      return (row) => row[REQUIREMENTS].some((r) => wanted.has(r));
    });
    is("cell", (text) => {
      const wanted = cellCases(text);
      return (row, i) => wanted.has(i);
    });
    is("q", (text) => {
      const all = searchTexts();
      const words = text.toLowerCase().split(/\s+/).filter((word) => word !== "");
      return (row, i) => words.every((word) => all[i].includes(word));
    });
    return (row, i) => tests.every((test) => test(row, i));
  };

  /* --- the list --- */

  const isAlarm = (row) => facts.againsts[row[AGAINST]] !== "expected";

  const drawCase = (number) => {
    const row = rows[number];
    const item = el("a", "item", vss.badge(row[VERDICT]), el("span", "name", row[REST]),
      el("span", "line", row[LINE] === facts.verdicts[row[VERDICT]][0] ? row[TITLE] : row[LINE]),
      el("span", isAlarm(row) ? "side alarm" : "side", isAlarm(row) ? facts.againsts[row[AGAINST]] : vss.time(row[US] || null)));
    item.href = vss.hash.text({ case: idOf(row) });
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

  const drawSuite = (head) => {
    const name = suiteName(head.suite) || "no suite of the tables";
    return el("div", "suite-head", el("strong", "", name),
      el("span", "about", head.suite < 0 ? "" : facts.suites[head.suite][1] || ""),
      el("span", "soft", vss.number(head.count)));
  };

  const box = el("div", "list");
  const list = vss.list(box, ROW_HEIGHT, (item, i) => typeof item === "number" ? drawCase(item, i) : drawSuite(item));

  const fill = () => {
    const test = passes(vss.hash.read());
    shown = [];
    rows.forEach((row, i) => test(row, i) && shown.push(i));
    items = [];
    place = new Map();
    let head = null;
    for (const number of shown) {
      if (head === null || head.suite !== rows[number][SUITE]) {
        head = { suite: rows[number][SUITE], count: 0 };
        items.push(head);
      }
      head.count++;
      place.set(number, items.length);
      items.push(number);
    }
    list.set(items, false);
    empty.hidden = shown.length > 0;
    count.textContent = shown.length === rows.length ? `${vss.number(rows.length)} cases`
      : `${vss.number(shown.length)} of ${vss.number(rows.length)} cases`;
    if (!place.has(cursor)) {
      cursor = place.has(opened) ? opened : -1;
    }
    if (cursor >= 0) {
      list.reveal(place.get(cursor));
    }
  };

  const moveTo = (number) => {
    cursor = number;
    list.reveal(place.get(number));
    list.refresh();
    if (opened >= 0) {
      open(number, true);
    }
  };

  const move = (by) => {
    if (shown.length === 0) {
      return;
    }
    const now = shown.indexOf(cursor);
    moveTo(shown[now < 0 ? (by > 0 ? 0 : shown.length - 1) : Math.max(0, Math.min(shown.length - 1, now + by))]);
  };

  /* The next or last case that is not as expected; where all are, one with a bad verdict. */
  const moveToTrouble = (by) => {
    const bad = (number) => isAlarm(rows[number]) || facts.verdicts[rows[number][VERDICT]][2];
    for (let i = shown.indexOf(cursor) + by; i >= 0 && i < shown.length; i += by) {
      if (bad(shown[i])) {
        moveTo(shown[i]);
        return;
      }
    }
  };

  const open = (number, replace) => {
    vss.hash.set({ case: idOf(rows[number]) }, replace);
  };

  /* --- controls --- */

  const count = el("span", "count");
  count.setAttribute("role", "status");
  const empty = el("div", "empty", "No case is like that. ", button("small", () => clear(), "show all"));
  const clear = () => vss.hash.set(Object.fromEntries(FILTERS.map((key) => [key, null])), false);

  const listed = (key) => (vss.hash.read().get(key) || "").split(",").filter((word) => word !== "");
  const toggle = (key, word) => {
    const now = listed(key);
    vss.hash.set({ [key]: (now.includes(word) ? now.filter((one) => one !== word) : [...now, word]).join(",") }, true);
  };

  const chips = [];
  const chip = (key, word, type, ...children) => {
    const made = button(`chip ${type}`, () => toggle(key, word), ...children);
    made.dataset.filter = `${key}:${word}`;
    chips.push([made, key, word]);
    return made;
  };

  const verdictChips = facts.verdicts.map(([name]) => [name, facts.totals.verdicts[name]]).filter(([, n]) => n > 0)
    .map(([name, n]) => chip("verdict", name, "", vss.badge(name), `${vss.words(name)} ${vss.number(n)}`));
  const stateChips = [...["unexpected", "improvement", "flake"].map((name) => [name, facts.totals.against[name]]),
    ["advisory", rows.filter((row) => row[ADVISORY]).length]]
    .filter(([, n]) => n > 0).map(([name, n]) => chip("state", name, "plain", `${name} ${vss.number(n)}`));

  const input = (key, placeholder, options) => {
    const made = el("input", "");
    made.type = "search";
    made.placeholder = placeholder;
    made.setAttribute("aria-label", placeholder);
    made.spellcheck = false;
    made.dataset.filter = key;
    if (options !== null) {
      const offered = el("datalist", "");
      offered.id = `offered-${key}`;
      made.setAttribute("list", offered.id);
      // long lists are made when they are first wanted
      made.addEventListener("focus", () => {
        if (offered.childElementCount === 0) {
          for (const option of options()) {
            offered.append(new Option(vss.plain(option)));
          }
        }
      });
      document.body.append(offered);
    }
    made.addEventListener("input", () => vss.hash.set({ [key]: made.value }, true));
    return made;
  };
  const search = input("q", "Search ids, titles, messages", null);
  const method = input("method", "Method", () => methodsSorted);
  const requirement = input("requirement", "Requirement", () => requirements.filter((one) => one.cases > 0).map((one) => one.id));
  const suite = el("select", "");
  suite.setAttribute("aria-label", "Suite");
  suite.dataset.filter = "suite";
  suite.append(new Option("All suites", ""));
  for (const number of suitesUsed.filter((one) => one >= 0)) {
    suite.append(new Option(vss.plain(suiteName(number))));
  }
  suite.addEventListener("change", () => vss.hash.set({ suite: suite.value }, true));

  const cellNote = el("button", "chip plain");
  cellNote.type = "button";
  cellNote.title = "take this filter off";
  cellNote.addEventListener("click", () => vss.hash.set({ cell: null }, true));

  const clearing = button("small", clear, "Clear filters");
  const more = el("div", "row more", suite, method, requirement);
  const filters = el("div", "filters",
    el("div", "row", search, button("only-phone", () => more.classList.toggle("shown"), "More")),
    more,
    el("div", "row", verdictChips, stateChips, cellNote),
    el("div", "row", count, clearing));

  const showFilters = (hash) => {
    for (const [made, key, word] of chips) {
      made.setAttribute("aria-pressed", String(listed(key).includes(word)));
    }
    for (const [field, key] of [[search, "q"], [method, "method"], [requirement, "requirement"], [suite, "suite"]]) {
      if (field.value !== (hash.get(key) || "")) {
        field.value = hash.get(key) || "";
      }
    }
    clearing.hidden = FILTERS.every((key) => !hash.get(key));
    cellNote.hidden = !hash.get("cell");
    cellNote.textContent = vss.plain(`${(hash.get("cell") || "").replace("@", " in ")} ✕`);
  };

  /* --- the overview --- */

  const sha = (text) => typeof text === "string" ? el("code", "", text) : null;
  const whole = (list_) => Array.isArray(list_) && list_.length > 0 ? list_.join(", ") : null;

  const tested = () => {
    const { iut, profile, host, suite: tables, run, result } = facts;
    const version = host.wine ? `Wine ${host.wine_build || host.wine}, as Windows ${host.windows || "?"}` : `Windows ${host.windows || "?"}`;
    return vss.facts([
      ["implementation", `${profile.name || "?"} ${iut.file_version || ""} (${iut.arch || "?"})`],
      ["file", iut.volatile && iut.volatile.path ? el("code", "", iut.volatile.path) : null],
      ["SHA-256", sha(iut.sha256)],
      ["stands for", profile.windows ? `Windows ${profile.windows}, ${profile.edition || "?"}` : null],
      ["can", whole(profile.can)],
      ["volumes", whole(profile.volumes)],
      ["host", [version, host.os].filter((word) => word).join(", ")],
      ["suite", `${tables.name || "vss-cts"} ${tables.version || "?"}, tables ${tables.tables || "?"}`],
      ["seed", run.seed],
      ["started", facts.volatile.started],
      ["took", vss.time(facts.volatile.us)],
      ["executions", run.executions === null ? null : vss.number(run.executions)],
      ["outstanding", run.outstanding > 0 ? vss.number(run.outstanding) : null],
      ["run", run.broken_off ? "broken off" : run.interrupted ? "interrupted" : null],
      ["result", `${result.status} (exit ${result.exit_code})`]]);
  };

  const bar = (counts) => {
    const made = el("div", "bar");
    counts.forEach((n, verdict) => {
      if (n > 0) {
        const piece = el("span", `v-${facts.verdicts[verdict][0]}`);
        piece.style.flexGrow = n;
        piece.title = `${vss.words(facts.verdicts[verdict][0])}: ${vss.number(n)}`;
        made.append(piece);
      }
    });
    return made;
  };

  const bySuite = () => {
    const counts = new Map(suitesUsed.map((number) => [number, facts.verdicts.map(() => 0)]));
    const alarms = new Map();
    for (const row of rows) {
      counts.get(row[SUITE])[row[VERDICT]]++;
      alarms.set(row[SUITE], (alarms.get(row[SUITE]) || 0) + (isAlarm(row) ? 1 : 0));
    }
    const lines = [...counts].map(([number, of]) => {
      const link = el("a", "", suiteName(number) || "other");
      link.href = `#suite=${encodeURIComponent(suiteName(number))}`;
      link.title = vss.plain(number < 0 ? "" : facts.suites[number][1] || "");
      return el("tr", "", el("td", "", link), el("td", "number", vss.number(of.reduce((a, b) => a + b, 0))),
        el("td", "number", alarms.get(number) > 0 ? vss.number(alarms.get(number)) : "–"), el("td", "bars", bar(of)));
    });
    return el("table", "suites", el("thead", "", el("tr", "", el("th", "", "suite"), el("th", "number", "cases"),
      el("th", "number", "unexpected"), el("th", "", ""))), el("tbody", "", lines));
  };

  const legend = () => el("div", "legend", facts.verdicts.filter(([name]) => facts.totals.verdicts[name] > 0)
    .map(([name]) => el("span", "", vss.badge(name), vss.words(name))));

  let overviewMade = null;
  const overview = () => {
    if (overviewMade === null) {
      overviewMade = el("div", "overview", el("section", "section", el("h2", "", "What was tested"), tested()),
        el("section", "section", el("h2", "", "Suites"),
          bar(facts.verdicts.map(([name]) => facts.totals.verdicts[name])), legend(), bySuite()),
        cells === null ? null : el("section", "section", el("h2", "", "Methods in states"),
          el("div", "soft", "The worst verdict of the cases that make the call in the state. A cell leads to them; " +
            "hatched: no case can be there, and why."),
          vss.heat(cells, (number) => rows[number][VERDICT], (number) => idOf(rows[number]))));
    }
    return overviewMade;
  };

  /* --- one case --- */

  const requirementOf = (number) => {
    const one = requirements[number];
    return el("div", "requirement", el("div", "", el("code", "", one.id), ` ${one.level} `,
      one.page ? vss.link(one.page, "page") : null),
    el("div", "soft", one.text));
  };

  const questionOf = (id) => {
    const one = Object.hasOwn(questions, id || "") ? questions[id] : null;
    return one === null ? null : el("section", "section", el("h3", "", "What is open"), el("div", "", one.text),
      el("ul", "soft", one.sides.map((side) => el("li", "", side))), one.pages.map((page_) => el("div", "", vss.link(page_))),
      el("div", "soft", "What happens is recorded and compared between runs; no outcome is right or wrong."));
  };

  /* As a shell takes it. */
  const again = (id) => facts.again === null ? null : `${facts.again} ${/^[\w/.-]+$/.test(id) ? id : `'${id}'`}`;

  const caseView = (number) => {
    const row = rows[number];
    const id = idOf(row);
    const name = facts.verdicts[row[VERDICT]][0];
    const link = el("button", "", "Copy link");
    link.type = "button";
    link.addEventListener("click", () => vss.copy(location.href.split("#")[0] + `#case=${encodeURIComponent(id)}`, link));
    const command = again(id);
    const copy = el("button", "", "Copy");
    copy.type = "button";
    copy.addEventListener("click", () => vss.copy(command, copy));
    const tags = [...new Set([suiteName(row[SUITE]), facts.levels[row[LEVEL]], row[US] > 0 ? vss.time(row[US]) : null,
      row[QUESTION] ? `question ${row[QUESTION]}` : null, ...row[TAGS]])].filter((tag) => tag);
    return el("article", "trace",
      el("header", "trace-head",
        el("div", "trace-id", vss.badge(row[VERDICT]), el("h2", "", id), link),
        el("div", "trace-title", row[TITLE]),
        el("div", "trace-tags", tags.map((tag) => el("span", "tag", tag))),
        el("div", "", el("strong", "", vss.words(name)), isAlarm(row)
          ? `, ${facts.againsts[row[AGAINST]]}: ${vss.words(facts.verdicts[row[EXPECTED]][0])} was expected` : ", as expected")),
      vss.trace.show(vss.trace.load("run", number)),
      questionOf(row[QUESTION]),
      row[REQUIREMENTS].length === 0 ? null : el("section", "section",
        el("h3", "", row[REQUIREMENTS].length === 1 ? "Requirement" : "Requirements"), row[REQUIREMENTS].map(requirementOf)),
      command === null ? null : el("section", "section", el("h3", "", "Run it again"), el("div", "again", el("code", "", command), copy)));
  };

  /* --- the whole --- */

  const home = el("a", "", facts.profile.name || "VSS conformance");
  home.href = "#";
  const passed = facts.result.exit_code === 0;
  const help = el("dialog", "");
  add(help, el("h2", "", "Keys"), el("table", "help", [["j  k", "next, previous case"], ["n  p", "next, previous case that is bad or not as expected"],
    ["Enter", "open the case"], ["/", "search"], ["Esc", "back: from the search, from the case"], ["c", "clear all filters"], ["?", "this list"]]
    .map(([keys, text]) => el("tr", "", el("td", "", keys.split("  ").flatMap((key) => [el("kbd", "", key), " "])), el("td", "", text)))),
  button("", () => help.close(), "Close"));

  const back = () => vss.hash.set({ case: null, view: null }, false);
  const page = el("div", "page",
    el("header", "top", el("h1", "", home), el("span", passed ? "pill good" : "pill bad", facts.result.status),
      el("span", "soft", [facts.iut.file_version, facts.iut.arch, facts.profile.windows ? `as Windows ${facts.profile.windows}` : null,
        facts.host.wine ? `under Wine ${facts.host.wine}` : null, `${vss.number(rows.length)} cases`].filter((word) => word).join(" · ")),
      el("div", "tools", button("only-phone to-list", back, "Cases"),
        button("only-phone", () => vss.hash.set({ view: "overview", case: null }, false), "Overview"),
        button("only-desk", back, "Overview"), button("only-desk", () => help.showModal(), "Keys ?"))),
    el("main", "panes", el("section", "left", filters, box), el("section", "right")));
  const right = page.querySelector(".right");
  const printed = el("div", "only-print");
  box.append(empty);
  document.title = `${facts.profile.name || "?"} ${facts.iut.arch || ""}: VSS conformance, ${facts.result.status}`;
  document.body.append(page, help, printed);

  let filtered = null; // the filters that the list was filled by
  const follow = () => {
    const hash = vss.hash.read();
    const filter = FILTERS.map((key) => `${key}=${hash.get(key) || ""}`).join("&");
    const wanted = numberOf.get(hash.get("case"));
    const before = opened;
    opened = wanted === undefined ? -1 : wanted;
    showFilters(hash);
    if (filter !== filtered) {
      filtered = filter;
      fill();
    }
    if (opened >= 0 && place.has(opened)) {
      cursor = opened;
      list.reveal(place.get(opened));
    }
    list.refresh();
    page.classList.toggle("aside", hash.has("case") || hash.get("view") === "overview");
    if (opened !== before || right.childElementCount === 0 || (hash.has("case") && opened < 0)) {
      right.replaceChildren(opened >= 0 ? caseView(opened) : hash.has("case")
        ? el("p", "empty", `This run has no case ${hash.get("case")}.`) : overview());
      right.scrollTop = 0;
    } else if (opened < 0 && !hash.has("case") && right.firstChild !== overviewMade) {
      right.replaceChildren(overview());
    }
  };

  const enter = () => {
    if (cursor >= 0) {
      open(cursor, false);
    }
    return cursor >= 0;
  };
  vss.keys({
    j: () => move(1), k: () => move(-1), n: () => moveToTrouble(1), p: () => moveToTrouble(-1),
    "/": () => { page.classList.remove("aside"); search.focus(); search.select(); }, "?": () => help.showModal(), c: clear,
    Escape: () => opened >= 0 && back(),
  }, { search, enter, found: () => shown.length > 0 && moveTo(shown[0]), paused: () => help.open });

  addEventListener("beforeprint", () => {
    const lines = shown.slice(0, PRINTED_MOST).map((number) => el("tr", "", el("td", "", vss.badge(rows[number][VERDICT])),
      el("td", "mono", idOf(rows[number])), el("td", "", rows[number][LINE])));
    printed.replaceChildren(el("h2", "", count.textContent), el("table", "printed", el("tbody", "", lines)),
      shown.length > PRINTED_MOST ? el("p", "", `and ${vss.number(shown.length - PRINTED_MOST)} more`) : "");
  });
  addEventListener("afterprint", () => printed.replaceChildren());
  addEventListener("hashchange", follow);
  follow();
})();
