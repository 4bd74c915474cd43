"use strict";
// Filters by rule and by story. Everything is there to read without them; what is chosen stands in the address.
const parts = [["rule", "Rule"], ["story", "Story"]];
const chosen = new URLSearchParams(location.hash.slice(1));
const bar = document.querySelector(".filters");
function apply() {
  for (const [key] of parts) {
    for (const item of document.querySelectorAll(`[data-${key}]`)) {
      const values = JSON.parse(item.dataset[key]);
      const wanted = chosen.get(key);
      item.hidden = Boolean(wanted) && !values.includes(wanted);
    }
  }
  for (const group of document.querySelectorAll("[data-group]")) {
    const items = [...group.querySelectorAll("[data-rule], [data-story]")];
    group.hidden = items.length > 0 && items.every((item) => item.hidden);
  }
}
for (const [key, label] of parts) {
  const counts = new Map();
  for (const item of document.querySelectorAll(`[data-${key}]`)) {
    for (const value of JSON.parse(item.dataset[key])) {
      counts.set(value, { count: (counts.get(value)?.count ?? 0) + 1, name: item.dataset.name || value });
    }
  }
  if (counts.size < 2) continue;
  const field = document.createElement("label");
  const select = document.createElement("select");
  field.append(label + " ", select);
  select.append(new Option("all", ""));
  for (const [value, { count, name }] of counts) {
    select.append(new Option(key === "rule" ? `${value} (${count})` : name, value));
  }
  select.value = chosen.get(key) ?? "";
  if (select.selectedIndex < 0) { select.value = ""; chosen.delete(key); }
  select.addEventListener("change", () => {
    if (select.value) chosen.set(key, select.value); else chosen.delete(key);
    history.replaceState(null, "", "#" + chosen);
    apply();
  });
  bar.append(field);
  bar.hidden = false;
}
apply();
