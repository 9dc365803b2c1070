// The chat's behaviour beside Gradio: citations, previews, views in tabs, copying, feedback.
// Everything that matters works without it: links, quotes and sources are plain HTML.
(() => {
  "use strict";

  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  // The path below which a proxy shows the app, empty at the root of a site.
  const site = new URL($('script[src$="/static/app.js"]').src).pathname.slice(0, -"/static/app.js".length);

  // --- citations ----------------------------------------------------------------------------

  let lastCite = null;

  function jump(target) {
    const fold = target.closest("details");
    if (fold) fold.open = true;
    const panel = target.closest("#sources");
    if (panel && panel.scrollHeight > panel.clientHeight && getComputedStyle(panel).overflowY !== "visible") {
      const top = target.getBoundingClientRect().top - panel.getBoundingClientRect().top;
      panel.scrollTo({ top: panel.scrollTop + top - 8 });
    } else {
      target.scrollIntoView({ block: panel ? "start" : "center" });
    }
    target.focus({ preventScroll: true });
  }

  function cited(link) {
    return document.getElementById(link.hash.slice(1));
  }

  function follow(link) {
    hidePreview();
    const target = cited(link);
    if (!target) return;
    $$("a.cite.open").forEach((cite) => cite.classList.remove("open"));
    if (link.matches(".cite")) {
      lastCite = link;
      link.classList.add("open");
    }
    jump(target);
  }

  // --- a preview of a source, on hover or focus -------------------------------------------------

  const preview = document.createElement("div");
  preview.id = "preview";
  preview.setAttribute("role", "tooltip");
  preview.hidden = true;
  let previewed = null;
  let leaving = 0;

  function showPreview(link) {
    clearTimeout(leaving);
    const source = cited(link);
    if (!source || previewed === link) return;
    hidePreview();
    previewed = link;
    const place = document.createElement("p");
    place.className = "place";
    place.textContent = $("h3 > span:last-child", source).textContent;
    const passage = $(".passage", source).cloneNode(true);
    preview.replaceChildren(place, passage);
    preview.hidden = false;
    link.setAttribute("aria-describedby", preview.id);
    const at = link.getBoundingClientRect();
    const width = Math.min(420, document.documentElement.clientWidth - 24);
    preview.style.width = `${width}px`;
    preview.style.left = `${Math.max(12, Math.min(at.left - 24, document.documentElement.clientWidth - width - 12)) + scrollX}px`;
    const above = at.top > preview.offsetHeight + 12;
    preview.style.top = `${(above ? at.top - preview.offsetHeight - 8 : at.bottom + 8) + scrollY}px`;
  }

  function hidePreview() {
    clearTimeout(leaving);
    if (previewed) previewed.removeAttribute("aria-describedby");
    previewed = null;
    preview.hidden = true;
  }

  function hidePreviewSoon() {
    clearTimeout(leaving);
    leaving = setTimeout(hidePreview, 160);
  }

  function onPreview(kind, act) {
    document.addEventListener(kind, (event) => {
      const link = event.target.closest && event.target.closest("a.cite");
      if (link && $("#chat") && link.closest("#chat")) act(link);
    });
  }

  // --- copying --------------------------------------------------------------------------------

  async function write(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Without https the clipboard API is missing; the old way still works there.
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  }

  async function copy(button, text) {
    const label = button.textContent;
    if (button.matches(".done")) return;
    button.classList.add("done");
    const done = await write(text);
    button.textContent = done ? "Copied" : "Copying is blocked by the browser";
    setTimeout(() => {
      button.textContent = label;
      button.classList.remove("done");
    }, 2000);
  }

  // --- asking -----------------------------------------------------------------------------------

  const box = () => $("#box textarea");

  function type(text) {
    const area = box();
    area.value = text;
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
    area.setSelectionRange(text.length, text.length);
  }

  function choose(mode) {
    const radio = $$("#mode input").find((input) => input.value === mode);
    if (radio && !radio.checked) radio.click();
  }

  function ask(text) {
    openView("ask");
    type(text);
    // Gradio takes the new text over in its next tick.
    setTimeout(() => $("#box .submit-button")?.click(), 30);
  }

  // What was asked before comes back with the arrow keys, as in a shell.
  let recalled = 0;

  function recall(event) {
    const area = event.target;
    if (area !== box() || event.shiftKey || event.isComposing) return;
    const asked = $$("#chat .asked").map((element) => element.textContent);
    const inside = recalled > 0 && area.value === asked[asked.length - recalled];
    if (event.key === "ArrowUp" && (area.value === "" || inside) && recalled < asked.length) {
      recalled = inside ? recalled + 1 : 1;
    } else if (event.key === "ArrowDown" && inside) {
      recalled -= 1;
    } else {
      return;
    }
    event.preventDefault();
    type(recalled ? asked[asked.length - recalled] : "");
  }

  let waiting = 0;

  // What is being asked is kept in the tab until it is answered: when the server restarts,
  // Gradio loads the page again.
  function keep(text) {
    try {
      if (text) sessionStorage.setItem("asking", text);
      else sessionStorage.removeItem("asking");
    } catch { /* storage may be off */ }
  }

  function restore() {
    let text = null;
    try {
      text = sessionStorage.getItem("asking");
    } catch { /* storage may be off */ }
    if (text && box() && !box().value) type(text);
    keep("");
  }

  function busy() {
    keep(box().value);
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      document.body.classList.add("busy");
      say("Searching the documents…");
    }, 350);
  }

  function idle() {
    clearTimeout(waiting);
    if (document.body.classList.contains("busy")) say("");
    document.body.classList.remove("busy");
  }

  const status = document.createElement("p");
  status.id = "status";
  status.setAttribute("role", "status");

  function say(text) {
    status.textContent = text;
  }

  // --- feedback ---------------------------------------------------------------------------------

  async function rate(card, rating, reason) {
    const body = { answer_id: $(".ident", card).textContent, rating };
    if (reason) body.reason = reason;
    let told = "Thank you. It is kept on this server, for its owner to learn from.";
    try {
      const reply = await fetch(`${site}/api/v1/feedback`, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
      });
      if (!reply.ok) told = (await reply.json()).error || "That could not be stored.";
    } catch {
      told = "That could not be stored: the server does not answer.";
    }
    const place = reason ? $(".reasons", card) : $(".rating", card);
    const note = document.createElement("span");
    note.setAttribute("role", "status");
    note.className = "thanks";
    place.replaceChildren(note);
    note.textContent = told;
  }

  function clickInCard(target) {
    const card = target.closest(".answer");
    const edit = target.closest("button.edit");
    if (edit) return type($(".resolved", edit.parentElement).textContent);
    const button = target.closest("button.copy");
    if (button) return copy(button, $(".plain", card).textContent);
    const rated = target.closest("button.rate");
    if (rated && rated.matches(".up")) return rate(card, "up");
    if (rated) {
      $(".reasons", card).hidden = false;
      return $(".reasons button", card).focus();
    }
    const reason = target.closest("button.reason");
    if (reason) return rate(card, "down", reason.classList[1]);
  }

  // In the capture phase: the page has a <base>, so a plain fragment link may leave the chat.
  document.addEventListener("click", (event) => {
    if (!event.target.closest) return;
    const link = event.target.closest("a");
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);
    if (link && link.matches("a.cite, a.back")) {
      event.preventDefault();
      event.stopPropagation();
      follow(link);
    } else if (link && link.matches("a.permalink")) {
      event.preventDefault();
      copy(link, new URL(link.getAttribute("href"), location.href).href);
    } else if (link && plain && link.closest(".view") && goInside(link)) {
      event.preventDefault();
    } else if (link && plain && link.closest("#scope")) {
      event.preventDefault();  // Gradio would open it in a new tab
      location.assign(link.href);
    } else if (event.target.closest(".answer")) {
      clickInCard(event.target);
    } else if (event.target.closest("#stop")) {
      idle();
      keep("");
      say("Stopped.");
      box().focus();
    } else if (event.target.closest("#box .submit-button, #chat .example, #chat .option")) {
      busy();
    }
  }, true);

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && previewed) return hidePreview();
    if (event.key === "Escape" && lastCite && lastCite.isConnected && event.target.closest("#sources")) {
      return jump(lastCite);
    }
    if (event.key === "ArrowUp" || event.key === "ArrowDown") return recall(event);
    if (event.key === "Enter" && event.target === box() && !event.shiftKey && !event.isComposing) busy();
  });

  // --- views: pages of their own, shown in the tabs beside the chat ---------------------------

  function openView(name) {
    const names = $$("#views [role=tablist]:not([aria-hidden=true]) [role=tab]");
    const tab = names.find((t) => t.getAttribute("aria-controls") === `view-${name}-panel` || t.dataset.tabId === name);
    if (tab && tab.getAttribute("aria-selected") !== "true") tab.click();
    return Boolean(tab);
  }

  function goInside(link) {
    const address = new URL(link.href, location.href);
    if (address.origin !== location.origin || link.target === "_blank" || link.hasAttribute("download")) return false;
    if (!address.pathname.startsWith(`${site}/`)) return false;
    const path = address.pathname.slice(site.length);
    if (path === "/" && address.searchParams.get("q")) {
      ask(address.searchParams.get("q"));
      return true;
    }
    const name = path.replaceAll("/", "");
    if (path.startsWith("/doc/") && name !== "doc") return false;
    const place = document.getElementById(`view-${name}`);
    if (!address.search && !address.hash && openView(name)) return true;
    if (place) {
      fill(place, address.pathname + address.search, address.hash);
      openView(name);
      return true;
    }
    return false;
  }

  async function fill(place, address, hash = "") {
    const view = $(".view", place);
    if (!view) return;
    view.setAttribute("aria-busy", "true");
    try {
      const joined = address + (address.includes("?") ? "&" : "?") + "part=1";
      const reply = await fetch(joined);
      if (!reply.ok) throw new Error(reply.status);
      view.innerHTML = await reply.text();
      view.dispatchEvent(new CustomEvent("view", { bubbles: true }));
      const target = hash && document.getElementById(decodeURIComponent(hash.slice(1)));
      if (target) jump(target);
    } catch {
      const note = document.createElement("p");
      note.textContent = "This view could not be loaded; the server does not answer. ";
      const again = document.createElement("a");
      again.href = address;
      again.textContent = "Open it as a page";
      note.append(again);
      view.replaceChildren(note);
    }
    view.removeAttribute("aria-busy");
  }

  function fillViews() {
    $$("[id^=view-] .waiting a").forEach((link) => {
      const waitingLine = link.parentElement;
      waitingLine.classList.remove("waiting");
      waitingLine.textContent = "Loading…";
      fill(waitingLine.closest("[id^=view-]"), link.getAttribute("href"));
    });
  }

  // --- light and dark ---------------------------------------------------------------------------

  const system = matchMedia("(prefers-color-scheme: dark)");

  let switched = "";

  function chosenTheme() {
    const forced = new URLSearchParams(location.search).get("__theme");
    let stored = null;
    try {
      stored = localStorage.getItem("theme");
    } catch { /* storage may be off */ }
    return [switched, forced, stored].find((name) => name === "dark" || name === "light") || "";
  }

  function applyTheme() {
    const theme = chosenTheme() || (system.matches ? "dark" : "light");
    if (document.body.classList.contains("dark") !== (theme === "dark")) {
      document.body.classList.toggle("dark", theme === "dark");
    }
  }

  function addSwitch() {
    const head = $("#head .intro");
    if (!head || $("#theme")) return;
    const button = document.createElement("button");
    button.id = "theme";
    button.type = "button";
    const label = () => {
      button.textContent = document.body.classList.contains("dark") ? "Light" : "Dark";
      button.setAttribute("aria-label", `Switch to the ${button.textContent.toLowerCase()} theme`);
    };
    button.addEventListener("click", () => {
      switched = document.body.classList.contains("dark") ? "light" : "dark";
      try {
        localStorage.setItem("theme", switched);
      } catch { /* then it lasts as long as the page */ }
      applyTheme();
      label();
    });
    label();
    head.append(button);
  }

  // --- after each change of the page ---------------------------------------------------------

  let shown = "";
  let restored = false;

  function settle() {
    // Gradio labels each message with its HTML source, though the text itself says who speaks,
    // and calls the examples a list without items.
    $$("#chat [data-testid][aria-label]").forEach((message) => message.removeAttribute("aria-label"));
    $$("#chat .examples[role]").forEach((list) => list.removeAttribute("role"));
    const questions = $$("#chat .user-row");
    const last = questions[questions.length - 1];
    const cards = $$("#chat .answer");
    const id = cards.length ? cards[cards.length - 1].id : "";
    if (box() && !restored) {
      restored = true;
      restore();
    }
    if (id !== shown) {
      idle();
      keep("");
      recalled = 0;
      if (last) {
        last.scrollIntoView({ block: "start" });
        $("#sources")?.scrollTo({ top: 0 });
        // A tapped example must not open the keyboard of a phone.
        if (box() && document.activeElement === document.body && matchMedia("(hover: hover)").matches) {
          box().focus({ preventScroll: true });
        }
      }
    }
    shown = id;
    if ($(".toast-body")) idle();
    addSwitch();
    fillViews();
  }

  function watch() {
    let pending = false;
    new MutationObserver(() => {
      if (pending) return;
      pending = true;
      requestAnimationFrame(() => {
        pending = false;
        settle();
      });
    }).observe(document.body, { childList: true, subtree: true });
  }

  document.body.append(preview, status);
  onPreview("mouseover", showPreview);
  onPreview("focusin", (link) => link.matches(":focus-visible") && showPreview(link));
  onPreview("mouseout", hidePreviewSoon);
  onPreview("focusout", hidePreviewSoon);
  preview.addEventListener("mouseenter", () => clearTimeout(leaving));
  preview.addEventListener("mouseleave", hidePreviewSoon);
  applyTheme();
  new MutationObserver(applyTheme).observe(document.body, { attributeFilter: ["class"] });
  system.addEventListener("change", applyTheme);
  watch();
})();
