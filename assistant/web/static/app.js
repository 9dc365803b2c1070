// Citations, copying and scrolling in the chat; pages.js serves the pages beside it.
// Everything that matters works without it: links, quotes and sources are plain HTML.
(() => {
  "use strict";

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

  // In the capture phase: the page has a <base>, so a plain fragment link may leave the chat.
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a.cite, a.back");
    if (link) {
      const target = document.getElementById(link.hash.slice(1));
      event.preventDefault();
      event.stopPropagation();
      if (!target) return;
      document.querySelectorAll("a.cite.open").forEach((cite) => cite.classList.remove("open"));
      if (link.matches(".cite")) {
        lastCite = link;
        link.classList.add("open");
      }
      jump(target);
      return;
    }
    const button = event.target.closest && event.target.closest("button.copy");
    if (button) copy(button);
  }, true);

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && lastCite && lastCite.isConnected && event.target.closest("#sources")) {
      jump(lastCite);
    }
  });

  async function copy(button) {
    const plain = button.closest(".answer").querySelector(".plain");
    const done = await write(plain.textContent);
    button.textContent = done ? "Copied" : "Copying is blocked by the browser";
    setTimeout(() => { button.textContent = "Copy with sources"; }, 2500);
  }

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

  let shown = 0;

  function settle() {
    // Gradio labels each message with its HTML source, though the text itself says who speaks,
    // and calls the examples a list without items.
    document.querySelectorAll("#chat [data-testid][aria-label]").forEach((message) => {
      message.removeAttribute("aria-label");
    });
    document.querySelectorAll("#chat .examples[role]").forEach((list) => list.removeAttribute("role"));
    const questions = document.querySelectorAll("#chat .user-row");
    const last = questions[questions.length - 1];
    const id = last ? document.querySelectorAll("#chat .answer").length : 0;
    if (last && id !== shown) {
      last.scrollIntoView({ block: "start" });
      document.getElementById("sources").scrollTo({ top: 0 });
      const box = document.querySelector("#box textarea");
      // A tapped example must not open the keyboard of a phone.
      if (box && document.activeElement === document.body && matchMedia("(hover: hover)").matches) {
        box.focus({ preventScroll: true });
      }
    }
    shown = id;
  }

  function watch() {
    let waiting = false;
    new MutationObserver(() => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        settle();
      });
    }).observe(document.body, { childList: true, subtree: true });
  }

  watch();
})();
