// The sea: draws what the server says, a little smoothed, and tells where to steer. It draws only while something moves.
const SEND_EVERY = 50;
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const KEY_REACH = 120;

export class Arena {
  #canvas;
  #pen;
  #steer;
  #width = 1000;
  #height = 600;
  #you = 0;
  #players = new Map();
  #boats = new Map(); // id -> { x, y, toX, toY, left }
  #buoys = [];
  #colours = {};
  #drawing = 0;
  #drawn = 0;
  #held = new Set();
  #target = null;
  #lastSent = 0;
  #sending = 0;

  constructor(canvas, steer) {
    this.#canvas = canvas;
    this.#pen = canvas.getContext("2d");
    this.#steer = steer;
    this.#readColours();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#readColours());
    new ResizeObserver(() => this.#resize()).observe(canvas);
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.#point(event);
    });
    canvas.addEventListener("pointermove", (event) => event.buttons && this.#point(event));
    canvas.addEventListener("keydown", (event) => this.#press(event));
    canvas.addEventListener("keyup", (event) => this.#release(event));
    canvas.addEventListener("blur", () => this.#held.clear());
  }

  welcome({ you, width, height }) {
    this.#you = you;
    this.#width = width;
    this.#height = height;
    this.#boats.clear();
    this.#target = null;
  }

  players(players) {
    this.#players = new Map(players.map((player) => [player.id, player]));
    this.#draw();
  }

  picture({ b, o }) {
    const gone = new Set(this.#boats.keys());
    for (const [id, x, y] of b) {
      const boat = this.#boats.get(id) ?? { x, y, left: false };
      if (Math.abs(x - boat.x) > 2) {
        boat.left = x < boat.x;
      }
      boat.toX = x;
      boat.toY = y;
      this.#boats.set(id, boat);
      gone.delete(id);
    }
    gone.forEach((id) => this.#boats.delete(id));
    this.#buoys = o;
    this.#draw();
  }

  #point(event) {
    const box = this.#canvas.getBoundingClientRect();
    this.#sail(
      ((event.clientX - box.left) / box.width) * this.#width,
      ((event.clientY - box.top) / box.height) * this.#height,
    );
  }

  #press(event) {
    if (KEYS[event.key]) {
      event.preventDefault();
      this.#held.add(event.key);
      this.#sailByKeys();
    }
  }

  #release(event) {
    if (this.#held.delete(event.key)) {
      this.#sailByKeys();
    }
  }

  #sailByKeys() {
    const boat = this.#boats.get(this.#you);
    if (!boat) {
      return;
    }
    let [x, y] = [boat.toX, boat.toY];
    for (const key of this.#held) {
      x += KEYS[key][0] * KEY_REACH;
      y += KEYS[key][1] * KEY_REACH;
    }
    this.#sail(x, y);
    if (this.#held.size) {
      setTimeout(() => this.#held.size && this.#sailByKeys(), SEND_EVERY * 2);
    }
  }

  // At most one message in SEND_EVERY milliseconds, and the last place always.
  #sail(x, y) {
    const inside = (value, end) => Math.round(Math.max(0, Math.min(end, value)));
    this.#target = [inside(x, this.#width), inside(y, this.#height)];
    this.#draw();
    if (!this.#sending) {
      const wait = Math.max(0, this.#lastSent + SEND_EVERY - performance.now());
      this.#sending = setTimeout(() => {
        this.#sending = 0;
        this.#lastSent = performance.now();
        this.#target && this.#steer(...this.#target);
      }, wait);
    }
  }

  #readColours() {
    const style = getComputedStyle(this.#canvas);
    const read = (name) => style.getPropertyValue(name).trim();
    this.#colours = { ink: read("--ink"), buoy: read("--busy"), grid: read("--grid"), sheet: read("--sheet") };
    this.#colours.boats = Array.from({ length: 10 }, (_, i) => read(`--boat-${i}`));
    this.#draw();
  }

  #resize() {
    const scale = Math.min(devicePixelRatio || 1, 3);
    this.#canvas.width = Math.round(this.#canvas.clientWidth * scale);
    this.#canvas.height = Math.round(this.#canvas.clientHeight * scale);
    this.#draw();
  }

  #draw() {
    this.#drawing ||= requestAnimationFrame((now) => {
      this.#drawing = 0;
      const moving = this.#move(Math.min(100, now - this.#drawn));
      this.#drawn = now;
      this.#paint();
      moving && this.#draw();
    });
  }

  #move(milliseconds) {
    const part = 1 - Math.exp(-milliseconds / 60);
    let moving = false;
    for (const boat of this.#boats.values()) {
      const [dx, dy] = [boat.toX - boat.x, boat.toY - boat.y];
      if (Math.abs(dx) + Math.abs(dy) < 0.5) {
        [boat.x, boat.y] = [boat.toX, boat.toY];
      } else {
        boat.x += dx * part;
        boat.y += dy * part;
        moving = true;
      }
    }
    return moving;
  }

  #paint() {
    const pen = this.#pen;
    const scale = this.#canvas.width / this.#width;
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, this.#width, this.#height);
    // On a phone the sea is small: what is on it must stay large enough to see.
    const zoom = Math.max(1, Math.min(1.9, 640 / (this.#canvas.clientWidth || 640)));
    this.#paintSea(zoom);
    const boats = [...this.#boats].sort(([a], [b]) => (a === this.#you) - (b === this.#you));
    boats.forEach(([id, boat]) => this.#paintBoat(id, boat, zoom));
  }

  #paintSea(zoom) {
    const pen = this.#pen;
    pen.strokeStyle = this.#colours.grid;
    pen.lineWidth = 1.5;
    pen.beginPath();
    for (let y = 50; y < this.#height; y += 100) {
      for (let x = (y / 100) % 2 < 1 ? 40 : 140; x < this.#width; x += 200) {
        pen.moveTo(x, y);
        pen.quadraticCurveTo(x + 10, y - 8, x + 20, y);
        pen.quadraticCurveTo(x + 30, y + 8, x + 40, y);
      }
    }
    pen.stroke();
    pen.fillStyle = this.#colours.buoy;
    for (const [x, y] of this.#buoys) {
      pen.beginPath();
      pen.arc(x, y, 9 * zoom, 0, 2 * Math.PI);
      pen.fill();
      pen.fillRect(x - 2 * zoom, y - 18 * zoom, 4 * zoom, 10 * zoom);
    }
  }

  #paintBoat(id, boat, zoom) {
    const pen = this.#pen;
    const player = this.#players.get(id);
    const colour = this.#colours.boats[player?.colour ?? 0];
    const [x, y] = this.#target ?? [boat.x, boat.y];
    if (id === this.#you && Math.hypot(x - boat.x, y - boat.y) > 15) {
      pen.strokeStyle = colour;
      pen.lineWidth = 2;
      pen.beginPath();
      pen.arc(x, y, 7 * zoom, 0, 2 * Math.PI);
      pen.stroke();
    }
    pen.save();
    pen.translate(boat.x, boat.y);
    pen.scale(boat.left ? -zoom : zoom, zoom);
    pen.fillStyle = colour;
    pen.beginPath();
    pen.moveTo(-18, 4);
    pen.lineTo(20, 4);
    pen.lineTo(13, 14);
    pen.lineTo(-12, 14);
    pen.closePath();
    pen.moveTo(-1, -20);
    pen.lineTo(-1, 1);
    pen.lineTo(-15, 1);
    pen.closePath();
    pen.moveTo(2, -16);
    pen.lineTo(14, 1);
    pen.lineTo(2, 1);
    pen.closePath();
    pen.fill();
    pen.restore();
    this.#paintName(id, boat, zoom, player);
  }

  #paintName(id, boat, zoom, player) {
    if (!player) {
      return;
    }
    const pen = this.#pen;
    pen.font = `${id === this.#you ? "700" : "500"} ${14 * zoom}px system-ui, sans-serif`;
    pen.textAlign = "center";
    const half = pen.measureText(player.name).width / 2 + 4;
    const x = Math.max(half, Math.min(this.#width - half, boat.x));
    const y = boat.y > this.#height - 34 * zoom ? boat.y - 26 * zoom : boat.y + 30 * zoom;
    pen.lineJoin = "round";
    pen.lineWidth = 4;
    pen.strokeStyle = this.#colours.sheet;
    pen.strokeText(player.name, x, y);
    pen.fillStyle = this.#colours.ink;
    pen.fillText(player.name, x, y);
  }
}
