// Makes the forms of the page act without reloading it. What the user does is shown at once; the server's answer,
// the whole list, then replaces what was assumed. Without this script the forms simply post.
"use strict";
(() => {
  const main = document.getElementById("list");
  const base = main.dataset.base;
  const limit = Number(main.dataset.limit);
  const list = document.getElementById("items");
  const template = document.getElementById("row");
  const addForm = document.getElementById("add");
  const input = document.getElementById("text");
  const clearForm = document.getElementById("clear");
  const message = document.getElementById("message");

  let items = [...list.children].map((row) => ({
    id: row.dataset.id,
    text: row.querySelector(".text").textContent,
    done: row.querySelector(".tick").ariaChecked === "true",
  }));
  let confirmed = items; // what the server last said
  let waiting = 0; // changes that it has not answered yet
  let queue = Promise.resolve(); // one after the other, in the order of the user's actions
  let assumed = 0; // numbers the rows that have no id of the server yet

  function say(text) {
    message.textContent = text;
    message.hidden = !text;
    input.setAttribute("aria-invalid", String(Boolean(text)));
  }

  function show(next) {
    items = next;
    const rows = new Map([...list.children].map((row) => [row.dataset.id, row]));
    const wanted = items.map((item) => draw(item, rows.get(item.id) ?? arrive()));
    const kept = new Set(wanted);
    [...list.children].filter((row) => !kept.has(row)).forEach((row) => row.remove());
    wanted.forEach((row, at) => {
      if (list.children[at] !== row) {
        list.insertBefore(row, list.children[at] ?? null);
      }
    });
    const open = items.filter((item) => !item.done).length;
    const done = items.length - open;
    document.getElementById("empty").hidden = items.length > 0;
    document.getElementById("summary").hidden = items.length === 0;
    document.getElementById("count").textContent =
      items.length === 0 ? "" : open === 0 ? "All done" : `${open} open${done ? `, ${done} done` : ""}`;
    clearForm.hidden = done === 0;
  }

  function arrive() {
    const row = template.content.firstElementChild.cloneNode(true);
    row.classList.add("arriving");
    return row;
  }

  function draw(item, row) {
    const tick = row.querySelector(".tick");
    const text = row.querySelector(".text");
    row.id = `item-${item.id}`;
    row.dataset.id = item.id;
    row.classList.toggle("pending", Boolean(item.pending));
    row.querySelector("form").action = `${base}/items/${item.id}`;
    tick.id = text.htmlFor = `tick-${item.id}`;
    tick.value = item.done ? "open" : "done";
    tick.ariaChecked = String(item.done);
    if (text.textContent !== item.text) {
      text.textContent = item.text;
    }
    row.querySelector(".delete").ariaLabel = `Delete ${item.text}`;
    return row;
  }

  async function ask(path, options) {
    const answer = await fetch(base + path, { ...options, headers: { Accept: "application/json" } });
    const body = await answer.json().catch(() => null);
    if (!answer.ok || !body) {
      throw new Error(body?.error ?? "The list does not answer right now. Try again in a moment.");
    }
    return body.items;
  }

  /** Shows what a change will lead to, sends it, and afterwards shows what it did lead to. */
  function change(path, values, expected, undo) {
    say("");
    show(expected);
    waiting++;
    queue = queue
      .then(() => ask(path, { method: "POST", body: new URLSearchParams(values) }))
      .then((answer) => {
        confirmed = answer;
      })
      .catch((failure) => {
        say(failure instanceof TypeError ? "No connection: that was not saved. Try again." : failure.message);
        undo?.();
      })
      .then(() => {
        // While more is under way the answer is older than what the user already sees.
        if (--waiting === 0) {
          adopt(confirmed);
        }
      });
  }

  /** Shows the server's list; a row that was assumed becomes the server's, with its place, animation and focus. */
  function adopt(next) {
    const known = new Set(items.map((item) => item.id));
    const fresh = next.filter((item) => !known.has(item.id));
    for (const item of items.filter((candidate) => candidate.pending)) {
      const match = fresh.findIndex((candidate) => candidate.text === item.text);
      if (match >= 0) {
        list.querySelector(`[data-id="${item.id}"]`).dataset.id = fresh.splice(match, 1)[0].id;
      }
    }
    show(next);
  }

  function add() {
    const typed = input.value;
    const text = typed.replace(/[\s\p{Cc}\p{Z}]+/gu, " ").trim();
    const length = [...text].length;
    if (!text) {
      input.value = "";
    } else if (length > limit) {
      say(`That is ${length} characters; an item can have ${limit}. Shorten it a little.`);
    } else {
      input.value = "";
      const item = { id: `assumed-${++assumed}`, text, done: false, pending: true };
      change("/items", { text }, [item, ...items], () => {
        input.value ||= typed;
      });
    }
    input.focus();
  }

  function remove(row) {
    const id = row.dataset.id;
    const neighbour = row.nextElementSibling ?? row.previousElementSibling;
    change(`/items/${id}`, { do: "delete" }, items.filter((item) => item.id !== id));
    (neighbour?.querySelector(".delete") ?? input).focus();
  }

  function tick(row, done) {
    const id = row.dataset.id;
    change(
      `/items/${id}`,
      { do: done ? "done" : "open" },
      items.map((item) => (item.id === id ? { ...item, done } : item)),
    );
  }

  addForm.addEventListener("submit", (event) => {
    event.preventDefault();
    add();
  });

  clearForm.addEventListener("submit", (event) => {
    event.preventDefault();
    change("/clear", {}, items.filter((item) => !item.done));
    input.focus();
  });

  list.addEventListener("submit", (event) => {
    event.preventDefault();
    const row = event.target.closest("li");
    const action = event.submitter.value;
    if (row.classList.contains("pending")) {
      return; // the server has not named it yet; the moment is short
    }
    if (action === "delete") {
      remove(row);
    } else {
      tick(row, action === "done");
    }
  });

  input.addEventListener("input", () => {
    if (!message.hidden) {
      say("");
    }
  });

  // Somebody else may have changed the list while this tab was in the background, or the browser had kept the page.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && waiting === 0) {
      ask("/items", {}).then(
        (answer) => {
          if (waiting === 0) {
            confirmed = answer;
            show(answer);
          }
        },
        () => {}, // nothing was lost: the next change will tell
      );
    }
  });
})();
