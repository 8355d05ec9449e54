/* A case with its steps, from the data of html_traces.h. */
"use strict";
vss.trace = (() => {
  const CASES = 64; // of an element, as html_traces.h says
  const PARTS = 256;
  const { el, add } = vss;

  /* A case by its number, with its parts in their places; null where there is none. */
  const load = (prefix, number) => {
    const detail = vss.line(`${prefix}c${Math.floor(number / CASES)}`, number % CASES);
    const part = (item) => typeof item === "number"
      ? vss.line(`${prefix}p${Math.floor(item / PARTS)}`, item % PARTS) : item;
    if (detail !== null) {
      detail.steps = detail.steps.map(part);
      detail.findings = detail.findings.map(part);
    }
    return detail;
  };

  /* --- values --- */

  const compact = (value) => typeof value === "string" ? value : JSON.stringify(value);

  const result = (step) => {
    if (step.hr === undefined) {
      return null;
    }
    const failed = parseInt(step.hr, 16) >= 0x80000000;
    return el("span", failed ? "step-result failed" : "step-result",
      step.hr_name ? `${step.hr_name} (${step.hr})` : step.hr);
  };

  /* Words for what a step tells besides its result. */
  const WORDS = {
    n: (v) => `returned ${v}`, i: (v) => `value ${v}`, rounds: (v) => `${v} rounds`, ok: (v) => v ? "holds" : "does not hold",
    equal: (v) => v ? "the same" : "not the same", timeout: (v) => v ? "still pending at the deadline" : null,
    missing: (v) => v ? "not exported" : null, skipped: (v) => `not made: ${v}`, object: (v) => `on ${v}`,
    ended: (v) => `the writer's process ended: ${v}`, lost: (v) => `lost: ${v}`, query_hr: null, wait_hr: null, stack: null,
    var: null, of: null, writer: null,
  };

  const remarks = (step) => {
    const found = [];
    for (const [key, word] of Object.entries(WORDS)) {
      const said = key in step && word !== null ? word(step[key]) : null;
      if (said !== null) {
        found.push(said);
      }
    }
    return found.join(", ");
  };

  const outs = (step) => Object.entries(step.out || {}).map(([name, out]) => {
    const notes = [out.w === false ? "not written" : null, out.over ? "written beyond its end" : null,
      out.bad ? "no readable address" : null, out.cut ? `cut, ${out.cut} in all` : null].filter((note) => note !== null);
    return el("div", "step-out", `${name} = `, "v" in out ? compact(out.v) : "",
      notes.length > 0 ? el("span", "soft", ` ${notes.join(", ")}`) : null);
  });

  const pairs = (title, object) => object === undefined ? null : el("div", "step-out",
    el("span", "soft", `${title}: `),
    Object.entries(object).map(([name, value]) => `${name} ${compact(value)}`).join(", "));

  /* What a writer saw: an event a row. */
  const seen = (events) => {
    if (!Array.isArray(events) || events.length === 0) {
      return events ? el("div", "soft", "no events") : null;
    }
    const rows = events.map((event) => {
      if (event === null || typeof event !== "object") {
        return el("tr", "", el("td", "", compact(event)));
      }
      const rest = Object.entries(event).filter(([key]) => !["event", "n", "volatile"].includes(key));
      return el("tr", "", el("td", "", event.event || "?"),
        el("td", "mono", rest.map(([key, value]) => `${key} ${compact(value)}`).join("  ")));
    });
    return el("table", "seen", el("thead", "", el("tr", "", el("th", "", "writer saw"), el("th", "", ""))),
      el("tbody", "", rows));
  };

  const basis = (of) => {
    const words = [of.basis, of.because ? `because ${of.because}` : null, of.requirement].filter((word) => word);
    return words.length === 0 && !of.page ? null
      : el("span", "soft", words.join(", "), of.page ? " " : null, of.page ? vss.link(of.page, "page") : null);
  };

  /* --- parts of a case --- */

  const PART_WORDS = { preamble: "preamble", case: "case", finally: "clean-up", teardown: "teardown" };

  /* What a step gave, what was expected of it, and findings about it. */
  const given = (step, mine) => {
    const said = remarks(step);
    const more = el("div", "step-more");
    add(more, step.title ? el("div", "soft", step.title) : null, el("div", "", result(step), said && step.hr ? ", " : null, said),
      outs(step), pairs("calls", step.calls), pairs("freed", step.freed), pairs("identity", step.identity), seen(step.events));
    for (const line of (step.expected || "").split("\n").filter((text) => text !== "")) {
      add(more, el("div", "step-expected", line));
    }
    add(more, step.expected ? basis(step) : null);
    for (const finding of mine) {
      add(more, el("div", "step-got", finding.text || finding.got || ""));
    }
    return more;
  };

  const oneStep = (step, us, findings) => {
    const mine = findings.filter((finding) => finding.s === step.s && step.s >= 0);
    const gates = mine.some((finding) => finding.gates);
    const row = el("li", mine.length === 0 ? "step" : gates ? "step troubled" : "step advised");
    add(row, el("span", "step-number", step.s >= 0 ? step.s + 1 : ""),
      el("span", "step-call", step.call || `step ${step.s + 1} of a program that is another now`),
      el("span", "step-time", vss.time(us)));
    return add(row, given(step, mine));
  };

  /* How a case ended that did not end by itself; null otherwise. */
  const died = (end) => {
    if (!end || end.how === "done" || end.how === "stopped") {
      return null;
    }
    const where = [end.code, end.module ? `in ${end.module}${end.offset ? `+${end.offset}` : ""}` : null, end.access,
      end.thread, end.status !== undefined ? `status ${end.status}` : null, end.text].filter((word) => word);
    return el("div", "step-more", el("strong", "", vss.words(end.how)), where.length > 0 ? `: ${where.join(", ")}` : null);
  };

  const steps = (detail) => {
    const list = el("ol", "steps");
    let part = null;
    detail.steps.forEach((step, i) => {
      if (step.part !== part && step.part) {
        part = step.part;
        add(list, el("li", "part", PART_WORDS[part] || part));
      }
      add(list, oneStep(step, detail.us[i], detail.findings));
    });
    const end = died(detail.end);
    if (end !== null) {
      add(list, el("li", "step died", el("span", "step-number", detail.end.at >= 0 ? detail.end.at + 1 : ""),
        el("span", "step-call", detail.end.call || ""), el("span", "step-time", ""), end));
    }
    return el("section", "section", el("h3", "", "Steps"), list);
  };

  const finding = (found) => el("div", found.gates ? "finding gates" : "finding",
    vss.facts([["call", found.call ? el("code", "", found.call) : found.text], ["expected", el("code", "", found.expected || "")],
      ["got", el("code", "", found.got || "")], ["rule", [found.law, found.requirement].filter((word) => word).join(", ")],
      ["basis", `${found.level}, ${found.basis || "no basis"}${found.gates ? "" : "; advisory, does not count"}`],
      ["round", found.round], ["page", found.page ? vss.link(found.page) : null]]));

  const findings = (detail) => detail.findings.length === 0 ? null
    : el("section", "section", el("h3", "", detail.findings.length === 1 ? "Finding" : "Findings"),
      el("div", "", detail.findings.map(finding)));

  /* Reason, outcome, and what the expectation file says. */
  const words = (detail) => {
    const found = [];
    const say = (name, text) => text && found.push(el("div", "trace-word", el("strong", "", `${name}: `), text));
    say("reason", detail.reason);
    say("outcome", detail.outcome);
    say("expectation file", detail.why);
    if (detail.first) {
      say("attempts", `${detail.attempts}: first ${detail.first}, last ${detail.last}`);
    }
    return found;
  };

  /* What happened, as an element. The other functions are its parts, for sides.js. */
  const show = (detail) => detail === null ? el("p", "soft", "This case has no trace.")
    : el("div", "trace", words(detail), findings(detail), detail.steps.length > 0 || detail.end ? steps(detail) : null);

  return { load, show, words, findings, given, died, PART_WORDS };
})();
