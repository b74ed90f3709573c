// A WebSocket that comes back by itself: after half a second first, then ever more slowly, so that a server that has just
// come up is not run over by everybody at once.
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;
const GOOD_AFTER = 5_000; // a connection that lasts so long was a good one: the pauses start anew
const BEAT_EVERY = 15_000;
const ANSWER_WITHIN = 10_000;
const FULL = 4001;
const AWAY = 4002;

export class Connection {
  #url;
  #on;
  #socket = null;
  #failures = 0;
  #opened = 0;
  #pause = 0;
  #beating = 0;
  #overdue = 0;

  // on: { open(), message(object), state(name, detail) } with the states connecting, live, waiting (milliseconds), away
  constructor(url, on) {
    this.#url = url;
    this.#on = on;
    addEventListener("online", () => this.#hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this.#hurry());
  }

  open() {
    clearTimeout(this.#pause);
    this.#pause = 0;
    this.#on.state("connecting");
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.onopen = () => {
      this.#opened = performance.now();
      this.#beating = setInterval(() => this.#beat(), BEAT_EVERY);
      this.#on.state("live");
      this.#on.open();
      this.#beat();
    };
    socket.onmessage = (event) => {
      const message = JSON.parse(event.data);
      if (message.t === "beat") {
        clearTimeout(this.#overdue);
        this.#on.state("live", Math.round(performance.now() - Number(message.n)));
      } else {
        this.#on.message(message);
      }
    };
    socket.onclose = (event) => this.#closed(socket, event.code);
  }

  // What cannot be sent now is worth nothing later, but for the words of people: they are told by the result.
  send(line) {
    if (this.#socket?.readyState !== WebSocket.OPEN) {
      return false;
    }
    this.#socket.send(line);
    return true;
  }

  #beat() {
    if (this.send(`beat ${performance.now().toFixed(1)}`)) {
      clearTimeout(this.#overdue);
      const socket = this.#socket;
      this.#overdue = setTimeout(() => {
        // A connection whose other end is gone without a word may take minutes to close.
        socket.onclose = socket.onmessage = null;
        socket.close();
        this.#closed(socket, 1006);
      }, ANSWER_WITHIN);
    }
  }

  #closed(socket, code) {
    if (socket !== this.#socket) {
      return;
    }
    clearInterval(this.#beating);
    clearTimeout(this.#overdue);
    this.#socket = null;
    if (code === AWAY) {
      this.#on.state("away");
      return;
    }
    if (this.#opened && performance.now() - this.#opened > GOOD_AFTER) {
      this.#failures = 0;
    }
    this.#opened = 0;
    const longest = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#failures++);
    const pause = code === FULL ? LONGEST_PAUSE : longest * (0.5 + Math.random() / 2);
    this.#pause = setTimeout(() => this.open(), pause);
    this.#on.state(code === FULL ? "full" : "waiting", pause);
  }

  // The network is back, or somebody looks at the page again.
  #hurry() {
    if (this.#pause) {
      this.open();
    }
  }
}
