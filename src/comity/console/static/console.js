// Conveniences only: every page works without this file.
"use strict";

const zone = document.querySelector("textarea[name=mrz]");
const LAYOUTS = { "3x30": "TD1", "2x36": "TD2 · MRV-B", "2x44": "TD3 · MRV-A" };

function linesOf(text) {
  return text.toUpperCase().split(/\r?\n/).map((line) => line.replace(/\s/g, "")).filter(Boolean);
}

function showLayout() {
  const lines = linesOf(zone.value);
  const name = lines.length ? LAYOUTS[`${lines.length}x${lines[0].length}`] : "";
  zone.form.querySelector("[data-format]").textContent = name ? `${name} ✓` : "";
}

if (zone) {
  zone.addEventListener("input", showLayout);
  // A machine-readable zone pasted or scanned into any field belongs in its own.
  zone.form.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text");
    if (event.target === zone || !text.includes("<<") || text.length < 44) return;
    event.preventDefault();
    zone.value = text.trim();
    zone.focus();
    showLayout();
  });
  showLayout();
}

document.addEventListener("keydown", (event) => {
  const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
  if (event.key !== "/" || isTyping || event.ctrlKey || event.altKey || event.metaKey) return;
  const first = document.querySelector(".asking input:not([type=hidden]), .asking textarea");
  if (!first) return;
  event.preventDefault();
  first.focus();
});

// One press, one check: a second press while the answer is on its way would log a second one.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "1";
});
window.addEventListener("pageshow", (event) => {
  // A page that the browser kept whole may be of a session that has ended: ask the server anew.
  if (event.persisted && "inside" in document.body.dataset) location.replace(location.pathname);
  for (const form of document.forms) delete form.dataset.sent;
});

// Signing out in one tab leaves no police data standing in the others.
const tabs = new BroadcastChannel("comity-session");
if ("outside" in document.body.dataset) tabs.postMessage("outside");
tabs.addEventListener("message", () => {
  if ("inside" in document.body.dataset) location.replace(location.pathname);
});

// A clock that runs: how long is left, beside the moment that the server wrote.
const clocks = [...document.querySelectorAll("time[data-due]")].map((place) => {
  const left = document.createElement("output");
  left.dir = "ltr";
  place.after(" ", left);
  return { left, due: Date.parse(place.dateTime) };
});
function runClocks() {
  for (const { left, due } of clocks) {
    const seconds = Math.floor((due - Date.now()) / 1000);
    const parts = [Math.floor(seconds / 60), seconds % 60].map((part) => String(part).padStart(2, "0"));
    left.textContent = seconds > 0 && seconds < 6000 ? parts.join(":") : "";
  }
}
if (clocks.length) {
  runClocks();
  setInterval(runClocks, 1000);
}

// A file that is too large is told before it is sent.
for (const input of document.querySelectorAll("input[type=file][data-bytes-max]")) {
  input.addEventListener("change", () => {
    const large = [...input.files].find((file) => file.size > Number(input.dataset.bytesMax));
    input.setCustomValidity(large ? `${large.name}: ${input.dataset.tooLarge}` : "");
    input.reportValidity();
  });
}
