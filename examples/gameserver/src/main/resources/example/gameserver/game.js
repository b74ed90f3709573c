// The page of an arena: puts the connection, the sea, the players and the chat together. Whatever other people have typed is
// only ever set as text.
import { Arena } from "./arena.js";
import { Connection } from "./connection.js";

const LINES_SHOWN = 200;
const NAME = "gameserver.name";
const at = (id) => document.getElementById(id);
const game = at("game");

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function remembered() {
  try {
    return localStorage.getItem(NAME) ?? "";
  } catch {
    return ""; // not allowed to remember anything
  }
}

function remember(name) {
  try {
    localStorage.setItem(NAME, name);
  } catch {
    // then not
  }
}

let you = 0;
let epoch = "";
let lastLine = 0;
let countdown = 0;

const url = new URL(`${game.dataset.base}/live`, location.href);
url.protocol = url.protocol.replace("http", "ws");
const connection = new Connection(url, { open: hello, message: hear, state: show });
const arena = new Arena(at("sea"), (x, y) => connection.send(`steer ${x} ${y}`));

function hello() {
  const name = remembered();
  if (name) {
    connection.send(`name ${name}`);
  }
}

function hear(message) {
  switch (message.t) {
    case "welcome":
      welcome(message);
      break;
    case "players":
      listPlayers(message.players);
      break;
    case "picture":
      arena.picture(message);
      break;
    case "line":
      addLine(message.line);
      break;
    case "hint":
      notice(message.text);
      break;
  }
}

function welcome(message) {
  you = message.you;
  if (epoch !== message.epoch) {
    // Another run of the arena: what it remembers is all there is.
    epoch = message.epoch;
    lastLine = 0;
    at("lines").replaceChildren();
  }
  arena.welcome(message);
  listPlayers(message.players);
  message.lines.forEach(addLine);
  servedBy(message);
}

function servedBy({ region, machine, arena: expected }) {
  const line = at("socket");
  line.replaceChildren("Live connection from ", element("b", "", region || "this server"));
  if (machine) {
    line.append(", machine ", element("code", "", machine));
  }
  line.dataset.match = region ? (region === expected ? "yes" : "no") : "unknown";
}

function listPlayers(players) {
  arena.players(players);
  at("count").textContent = players.length;
  const best = [...players].sort((a, b) => b.score - a.score || a.id - b.id);
  at("players").replaceChildren(
    ...best.map((player) => {
      const row = element("li", player.id === you ? "you" : "", "");
      row.append(element("span", `dot boat-${player.colour}`, ""));
      row.append(element("span", "who", player.name), element("span", "score", player.score));
      return row;
    }),
  );
  const self = players.find((player) => player.id === you);
  if (self && document.activeElement !== at("name")) {
    at("name").value = self.name;
  }
}

function addLine(line) {
  if (line.n <= lastLine) {
    return; // seen before the connection was lost
  }
  lastLine = line.n;
  const list = at("lines");
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  const row = element("li", "", "");
  row.title = new Date(line.at).toLocaleTimeString();
  row.append(element("b", `ink-${line.colour}`, line.from), " ", element("span", "", line.text));
  list.append(row);
  while (list.children.length > LINES_SHOWN) {
    list.firstChild.remove();
  }
  if (atEnd) {
    list.scrollTop = list.scrollHeight;
  }
}

function notice(text) {
  at("notice").textContent = text;
  at("notice").hidden = !text;
  if (text) {
    setTimeout(() => at("notice").textContent === text && notice(""), 4_000);
  }
}

function show(state, detail) {
  clearInterval(countdown);
  const pill = at("state");
  const looks = { live: "ready", away: "rest" };
  const set = (text) => pill.textContent === text || (pill.textContent = text);
  pill.dataset.state = looks[state] ?? "busy";
  at("back").hidden = state !== "away";
  game.classList.toggle("lost", state !== "live");
  if (state === "live") {
    set("Live");
    if (detail !== undefined) {
      pill.dataset.took = `${detail} ms`; // drawn by the style sheet: not to be read out every time
    }
  } else {
    delete pill.dataset.took;
    set({ connecting: "Connecting…", away: "Away", full: "Full, waiting for a seat" }[state] ?? "Connection lost");
    if (state === "waiting") {
      const until = performance.now() + detail;
      const tell = () => (pill.dataset.took = `again in ${Math.max(1, Math.ceil((until - performance.now()) / 1000))} s`);
      tell();
      countdown = setInterval(tell, 1_000);
    }
  }
}

at("say").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = at("text").value.trim();
  if (!text) {
    return;
  }
  if (connection.send(`say ${text}`)) {
    at("text").value = "";
  } else {
    notice("Not sent: there is no connection at the moment.");
  }
});

at("rename").addEventListener("submit", (event) => {
  event.preventDefault();
  at("name").blur();
});

at("name").addEventListener("change", () => {
  const name = at("name").value.trim();
  remember(name);
  if (name) {
    connection.send(`name ${name}`);
  }
});

at("back").addEventListener("click", () => {
  connection.open();
  at("sea").focus();
});

connection.open();
