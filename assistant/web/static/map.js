// The pathway map without reloading: what a node is joined to lights up, and choosing one shows
// its quotes in place. The page does the same by plain links where this does not run.
(() => {
  "use strict";

  // The path below which a proxy shows the app, empty at the root of a site.
  const own = document.querySelector('script[src$="/static/map.js"]').src;
  const site = new URL(own).pathname.slice(0, -"/static/map.js".length);

  let latest = 0;

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

  async function show(map, address, alone) {
    const wanted = new URL(address, location.href);
    // In a page of its own the headings stand one level higher than in a tab of the chat.
    const source = new URL(wanted);
    if (!alone) source.searchParams.set("part", "1");
    source.hash = "";
    const turn = ++latest;
    const response = await fetch(source);
    if (!response.ok) throw new Error(response.status);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (turn !== latest) return null; // another node has been chosen meanwhile
    const fresh = page.querySelector(".map");
    const canvas = map.querySelector(".canvas");
    const { scrollLeft, scrollTop } = canvas;
    canvas.replaceChildren(...fresh.querySelector(".canvas").childNodes);
    canvas.scrollTo(scrollLeft, scrollTop);
    const about = map.querySelector("#map-about");
    const shown = fresh.querySelector("#map-about");
    about.replaceChildren(...shown.childNodes);
    about.scrollTo(0, 0);
    centre(canvas, canvas.querySelector("a.selected"));
    return about;
  }

  // Where the diagram is wider than its box, begin with what matters in view.
  function centre(canvas, node) {
    if (canvas.scrollWidth <= canvas.clientWidth) return;
    const box = canvas.getBoundingClientRect();
    const at = node && node.getBoundingClientRect();
    if (at && at.left >= box.left && at.right <= box.right) return;
    const left = at ? at.left - box.left + canvas.scrollLeft + at.width / 2 : canvas.scrollWidth / 2;
    canvas.scrollLeft = left - canvas.clientWidth / 2;
  }

  document.addEventListener("click", async (event) => {
    const link = event.target.closest && event.target.closest(".map a[href]");
    if (!link || !link.getAttribute("href").startsWith(`${site}/map`) || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const address = link.getAttribute("href");
    const node = link.dataset.node;
    try {
      const alone = document.body.classList.contains("page");
      const about = await show(link.closest(".map"), address, alone);
      if (!about) return;
      if (alone) history.pushState(null, "", address);
      const again = node && document.getElementById(`n-${node}`);
      if (again) again.focus({ preventScroll: true });
      const place = document.getElementById(/#(n-.+)$/.exec(address)?.[1]);
      const box = about.getBoundingClientRect();
      if (place) place.scrollIntoView({ block: "center", inline: "center" });
      else if (box.top < 0 || box.top > innerHeight - 120) about.scrollIntoView({ block: "start" });
    } catch {
      location.assign(address);
    }
  });

  addEventListener("popstate", () => {
    const map = document.querySelector(".page .map");
    if (map) show(map, location.href, true).catch(() => location.reload());
  });

  const canvas = document.querySelector(".page .canvas");
  if (canvas) centre(canvas, canvas.querySelector("a.selected"));
})();
