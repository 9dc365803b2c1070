// The pages beside the chat, and the same views inside the chat's tabs: search while typing,
// checking without a new page, copying, highlighting by fragment, the chosen theme.
// Everything works without it: forms and links are plain HTML.
(() => {
  "use strict";

  // The theme is set before anything is painted; this script is not deferred.
  const root = document.documentElement;
  const own = () => document.body && document.body.classList.contains("page");

  function chosen() {
    try {
      const theme = localStorage.getItem("theme");
      return theme === "light" || theme === "dark" ? theme : "";
    } catch {
      return "";
    }
  }

  function isDark() {
    return chosen() ? chosen() === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  function paint() {
    if (chosen()) root.dataset.theme = chosen();
    else delete root.dataset.theme;
    if (!own()) return; // the chat sets its own class
    document.body.classList.toggle("dark", isDark());
    const button = document.querySelector(".theme-switch");
    button.hidden = false;
    button.textContent = isDark() ? "Light theme" : "Dark theme";
  }

  if (chosen()) root.dataset.theme = chosen();

  function onTheme() {
    try {
      localStorage.setItem("theme", isDark() ? "light" : "dark");
    } catch {
      return; // storage is blocked: the system's theme stays
    }
    paint();
  }

  // Search and filter while typing: the results come from the server, the field stays.
  const waiting = new Map();

  function later(form) {
    const known = waiting.get(form) || {};
    clearTimeout(known.timer);
    waiting.set(form, { ...known, timer: setTimeout(() => refresh(form), 180) });
  }

  async function refresh(form) {
    const known = waiting.get(form) || {};
    clearTimeout(known.timer);
    if (known.request) known.request.abort();
    const request = new AbortController();
    waiting.set(form, { request });
    const fields = new URLSearchParams(new FormData(form));
    if (!fields.get("q")) fields.delete("q");
    const address = form.getAttribute("action") + (fields.size ? `?${fields}` : "");
    const found = await load(address, { signal: request.signal });
    if (!found) return;
    const name = form.dataset.live;
    for (const part of ["results", "status"]) {
      const here = document.getElementById(`${name}-${part}`);
      const there = found.querySelector(`#${name}-${part}`);
      if (here && there) here.replaceChildren(...there.childNodes);
    }
    if (own()) history.replaceState(null, "", address);
  }

  // Return the part of a page inside its <main>, null when a newer request took its place.
  async function load(address, options) {
    const url = new URL(address, location.origin);
    url.searchParams.set("part", "1");
    try {
      const answer = await fetch(url, options);
      const text = await answer.text();
      if (!(answer.headers.get("content-type") || "").includes("html")) throw new Error(text);
      return new DOMParser().parseFromString(text, "text/html");
    } catch (error) {
      if (error.name === "AbortError") return null;
      throw error;
    }
  }

  // Check a claim without leaving the page.
  async function check(form) {
    const button = form.querySelector("button[type=submit]");
    if (button.getAttribute("aria-disabled") === "true") return;
    const result = document.getElementById("check-result");
    const status = document.getElementById("check-status");
    const field = document.getElementById("check-claim");
    const words = button.textContent;
    button.setAttribute("aria-disabled", "true");
    button.textContent = "Checking…";
    result.setAttribute("aria-busy", "true");
    status.textContent = "Checking…";
    try {
      const body = new URLSearchParams(new FormData(form));
      const found = await load(form.getAttribute("action"), { method: "POST", body });
      const fresh = found.getElementById("check-result");
      if (!fresh) throw new Error("no result");
      result.replaceChildren(...fresh.childNodes);
      const problem = result.querySelector("#check-problem");
      field.toggleAttribute("aria-invalid", Boolean(problem));
      if (problem) {
        field.setAttribute("aria-invalid", "true");
        field.setAttribute("aria-describedby", "check-problem");
        status.textContent = problem.textContent;
        field.focus();
      } else {
        field.removeAttribute("aria-describedby");
        status.textContent = "";
        reveal();
        result.focus({ preventScroll: true });
        result.scrollIntoView({ block: "nearest" });
      }
    } catch {
      const sorry = document.createElement("p");
      sorry.className = "check-problem";
      sorry.textContent = "The server could not be reached or refused the text; try again.";
      result.replaceChildren(sorry);
      status.textContent = sorry.textContent;
    } finally {
      result.removeAttribute("aria-busy");
      button.removeAttribute("aria-disabled");
      button.textContent = words;
    }
  }

  async function copy(button) {
    const source = document.getElementById(button.dataset.copies);
    const words = button.textContent;
    let done = true;
    try {
      await navigator.clipboard.writeText(source.textContent);
    } catch {
      // Without https the clipboard API is missing; the old way still works there.
      const area = document.createElement("textarea");
      area.value = source.textContent;
      document.body.append(area);
      area.select();
      done = document.execCommand("copy");
      area.remove();
    }
    button.textContent = done ? "Copied" : "Copying is blocked by the browser";
    setTimeout(() => { button.textContent = words; }, 2500);
  }

  // Show what only makes sense with this script.
  function reveal() {
    document.querySelectorAll(".view-copy[hidden], .view-print[hidden]").forEach((button) => {
      button.hidden = false;
    });
  }

  // A fragment may name an entry that is folded, or a slice that the server has to mark.
  function followFragment() {
    const name = decodeURIComponent(location.hash.slice(1));
    const target = name && document.getElementById(name);
    if (target && target.matches("details")) {
      target.open = true;
      target.scrollIntoView();
    }
    const slice = /^c(\d+)-(\d+)$/.exec(name);
    if (slice && !target && own()) {
      location.replace(`${location.pathname}?start=${slice[1]}&end=${slice[2]}${location.hash}`);
    }
  }

  document.addEventListener("input", (event) => {
    const form = event.target.closest && event.target.closest("form[data-live]");
    if (form) later(form);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("form[data-live]")) {
      event.preventDefault();
      refresh(form).catch(() => form.submit());
    } else if (form.matches("form[data-check]")) {
      event.preventDefault();
      check(form);
    }
  });

  document.addEventListener("click", (event) => {
    const hit = event.target.closest && event.target.closest(
      ".theme-switch, .view-copy, .view-print, a[data-claim]"
    );
    if (!hit) return;
    if (hit.matches(".theme-switch")) onTheme();
    else if (hit.matches(".view-copy")) copy(hit);
    else if (hit.matches(".view-print")) print();
    else if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
      const field = document.getElementById("check-claim");
      event.preventDefault();
      field.value = hit.textContent;
      check(field.form);
    }
  });

  document.addEventListener("keydown", (event) => {
    const inClaim = event.target.id === "check-claim";
    if (inClaim && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.target.form.requestSubmit();
    }
  });

  document.addEventListener("DOMContentLoaded", () => {
    if (own()) {
      paint();
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
    }
    reveal();
    followFragment();
  });
  addEventListener("hashchange", followFragment);
  addEventListener("storage", (event) => { if (event.key === "theme") paint(); });
})();
