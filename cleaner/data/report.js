"use strict";
// Search by words, and filters by rule, outlet and date. Everything is there to read without them; what is chosen stands in
// the address.
const chosen = new URLSearchParams(location.hash.slice(1));
const bar = document.querySelector(".filters");
const ruled = [...document.querySelectorAll("[data-rule]")].map((node) => ({ node, rules: JSON.parse(node.dataset.rule) }));
const sides = [...document.querySelectorAll("[data-story]")];
const numbers = new Map(ruled.filter(({ node }) => node.dataset.number).map(({ node, rules }) => [node.dataset.number, rules[0]]));
let entries = null;

// The articles of a run, read when they are first asked for.
function articles() {
  entries ??= [...document.querySelectorAll(".timeline li, .month li")].map((node) => ({
    node,
    text: node.textContent.toLowerCase(),
    outlet: node.querySelector("i")?.textContent ?? "",
    date: node.querySelector("time")?.textContent ?? "",
    rules: (node.dataset.r ?? "").split(" ").map((number) => numbers.get(number)),
  }));
  return entries;
}

function fits(entry, story) {
  const words = (chosen.get("q") ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  return words.every((word) => entry.text.includes(word) || story.includes(word))
    && (!chosen.get("outlet") || entry.outlet === chosen.get("outlet"))
    && (!chosen.get("rule") || entry.rules.includes(chosen.get("rule")))
    && (!chosen.get("from") || (entry.date && entry.date >= chosen.get("from")))
    && (!chosen.get("to") || (entry.date && entry.date <= chosen.get("to")));
}

function apply() {
  const asked = ["q", "outlet", "rule", "from", "to"].some((key) => chosen.get(key));
  for (const { node, rules } of ruled) node.hidden = Boolean(chosen.get("rule")) && !rules.includes(chosen.get("rule"));
  for (const node of sides) node.hidden = Boolean(chosen.get("story")) && !JSON.parse(node.dataset.story).includes(chosen.get("story"));
  let found = 0;
  if (asked || entries) {
    const heads = new Map();
    for (const entry of articles()) {
      const box = entry.node.closest(".story");
      if (box && !heads.has(box)) heads.set(box, box.querySelector("h3").textContent.toLowerCase());
      const shown = !asked || fits(entry, heads.get(box) ?? "");
      entry.node.hidden = !shown;
      found += shown;
    }
    for (const box of document.querySelectorAll(".story, .month, .story details")) {
      const any = box.querySelector("li:not([hidden])");
      box.hidden = !any;
      if (box.matches("details")) box.open = asked && Boolean(any) && found < 500;
    }
  }
  for (const group of document.querySelectorAll("[data-group]")) {
    const items = [...group.querySelectorAll(".story, .month, [data-rule]")];
    group.hidden = items.length > 0 && items.every((item) => item.hidden);
  }
  if (result) result.textContent = asked ? `${found} articles` : "";
}

function choose(key, value) {
  if (value) chosen.set(key, value); else chosen.delete(key);
  history.replaceState(null, "", "#" + chosen);
  apply();
}

function field(label, input, key) {
  const box = document.createElement("label");
  box.append(label + " ", input);
  input.value = chosen.get(key) ?? "";
  let waiting = 0;
  input.addEventListener(input.type === "search" ? "input" : "change", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => choose(key, input.value), input.type === "search" ? 150 : 0);
  });
  bar.append(box);
  bar.hidden = false;
}

function input(type) {
  const node = document.createElement("input");
  node.type = type;
  return node;
}

function pick(label, key, options) {
  if (options.length < 2) return chosen.delete(key);
  const select = document.createElement("select");
  select.append(new Option("all", ""), ...options.map(([value, name]) => new Option(name, value)));
  if (!options.some(([value]) => value === chosen.get(key))) chosen.delete(key);
  field(label, select, key);
}

const listed = document.querySelector(".timeline li, .month li");
let result = null;
if (listed) {
  field("Search", input("search"), "q");
  pick("Outlet", "outlet", [...document.querySelectorAll(".outlets td:first-child")].map((cell) => [cell.textContent, cell.textContent]));
}
const counts = new Map();
for (const { rules } of ruled) for (const rule of rules) counts.set(rule, (counts.get(rule) ?? 0) + 1);
pick("Rule", "rule", [...counts].map(([rule, count]) => [rule, count > 1 ? `${rule} (${count})` : rule]));
pick("Telling", "story", sides.map((node) => [JSON.parse(node.dataset.story)[0], node.dataset.name]));
if (document.querySelector("time")) {
  field("From", input("date"), "from");
  field("to", input("date"), "to");
}
if (listed) {
  result = document.createElement("output");
  bar.append(result);
}
if ([...chosen.keys()].length) apply();
