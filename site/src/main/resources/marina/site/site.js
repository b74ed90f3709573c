"use strict";
// Light and dark, the contents on small screens, and the search. No request leaves the site.
(() => {
  const root = document.currentScript.dataset.root;
  const store = { get: () => { try { return localStorage.getItem("theme"); } catch { return null; } },
                  set: (value) => { try { localStorage.setItem("theme", value); } catch { /* not kept, then */ } } };
  const chosen = store.get();
  if (chosen) document.documentElement.dataset.theme = chosen;

  const words = (text) => text.toLowerCase().split(/[^\p{L}\p{N}_.$/-]+/u).filter(Boolean);

  /** Sections that have all words; headings count most. */
  const find = (query) => {
    const wanted = words(query);
    if (!wanted.length) return [];
    const found = [];
    for (const [url, page, heading, text] of window.searchIndex) {
      const head = heading.toLowerCase(), title = page.toLowerCase(), body = text.toLowerCase();
      let score = 0;
      for (const word of wanted) {
        const own = (head === word ? 40 : 0) + (head.includes(word) ? 20 : 0) + (title.includes(word) ? 8 : 0)
          + Math.min(6, body.split(word).length - 1);
        if (!own) { score = 0; break; }
        score += own;
      }
      if (score) found.push({ url, page, heading, text, score, at: body.indexOf(wanted[0]) });
    }
    return found.sort((a, b) => b.score - a.score).slice(0, 12);
  };

  const load = () => load.done ||= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = root + "search-index.js";
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });

  const entry = (hit) => {
    const item = document.createElement("li"), link = document.createElement("a"), where = document.createElement("small");
    link.href = root + hit.url;
    link.textContent = hit.heading;
    const from = Math.max(0, hit.at - 40);
    where.textContent = hit.page + " — " + (from ? "…" : "") + hit.text.slice(from, from + 130);
    link.append(where);
    item.append(link);
    return item;
  };

  addEventListener("DOMContentLoaded", () => {
    const query = document.getElementById("query"), results = document.getElementById("results");
    const menu = document.getElementById("menu"), navigation = document.getElementById("navigation");
    const show = async () => {
      await load();
      const hits = find(query.value);
      results.replaceChildren(...hits.map(entry));
      if (!hits.length && query.value.trim()) {
        const none = document.createElement("li");
        none.textContent = "Nothing found";
        results.append(none);
      }
      results.hidden = !query.value.trim();
    };
    query.addEventListener("input", show);
    document.getElementById("search").addEventListener("submit", async (event) => {
      event.preventDefault();
      await show();
      results.querySelector("a")?.click();
    });
    addEventListener("keydown", (event) => {
      if (event.key === "/" && document.activeElement !== query) { event.preventDefault(); query.focus(); }
      if (event.key === "Escape") { results.hidden = true; query.blur(); }
    });
    addEventListener("click", (event) => {
      if (!event.target.closest("#search")) results.hidden = true;
      if (event.target.closest("#results a")) results.hidden = true;
    });
    document.getElementById("theme").addEventListener("click", () => {
      const dark = matchMedia("(prefers-color-scheme: dark)").matches;
      const now = document.documentElement.dataset.theme || (dark ? "dark" : "light");
      const next = now === "dark" ? "light" : "dark";
      document.documentElement.dataset.theme = next;
      store.set(next);
    });
    menu.addEventListener("click", () => {
      menu.setAttribute("aria-expanded", String(navigation.classList.toggle("open")));
    });
  });
})();
