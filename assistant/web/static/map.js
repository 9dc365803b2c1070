// The pathway map without reloading: what a node is joined to lights up, and choosing one shows
// its quotes in place. The page does the same by plain links where this does not run.
(() => {
  "use strict";

  function light(target, on) {
    const svg = target.closest("svg.pathway");
    const node = target.closest("a.node");
    if (!svg) return;
    svg.querySelectorAll(".lit").forEach((lit) => lit.classList.remove("lit"));
    if (!node || !on) return;
    const id = node.dataset.node;
    svg.querySelectorAll("a.edge").forEach((edge) => {
      const { from, to } = edge.dataset;
      if (from !== id && to !== id) return;
      edge.classList.add("lit");
      const other = svg.querySelector(`#n-${CSS.escape(from === id ? to : from)}`);
      if (other) other.classList.add("lit");
    });
  }

  for (const [name, on] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]]) {
    document.addEventListener(name, (event) => {
      if (event.target.closest && event.target.closest(".map svg.pathway")) light(event.target, on);
    });
  }

  async function show(map, address, keep) {
    const wanted = new URL(address, location.href);
    const part = new URL(wanted);
    part.searchParams.set("part", "1");
    part.hash = "";
    const response = await fetch(part);
    if (!response.ok) throw new Error(response.status);
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector(".map");
    const canvas = map.querySelector(".canvas");
    const { scrollLeft, scrollTop } = canvas;
    canvas.replaceChildren(...fresh.querySelector(".canvas").childNodes);
    canvas.scrollTo(scrollLeft, scrollTop);
    const about = map.querySelector("#about");
    const shown = fresh.querySelector("#about");
    // The part's headings stand one level lower where the map is in a page of its own.
    about.replaceChildren(...shown.childNodes);
    about.scrollTo(0, 0);
    if (keep) history.pushState(null, "", wanted);
    return about;
  }

  document.addEventListener("click", async (event) => {
    const link = event.target.closest && event.target.closest('.map a[href^="/map"]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const address = link.getAttribute("href");
    const node = link.dataset.node;
    try {
      const about = await show(link.closest(".map"), address, document.body.classList.contains("map-page"));
      const again = node && document.getElementById(`n-${node}`);
      if (again) again.focus({ preventScroll: true });
      const box = about.getBoundingClientRect();
      if (box.top < 0 || box.top > innerHeight - 120) about.scrollIntoView({ block: "nearest" });
    } catch {
      location.assign(address);
    }
  });

  addEventListener("popstate", () => {
    const map = document.querySelector(".map-page .map");
    if (map) show(map, location.href, false).catch(() => location.reload());
  });
})();
