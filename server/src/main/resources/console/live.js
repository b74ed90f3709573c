// What the server does at this moment: a stream of events, and polling where streams do not come through.
import { get, session, signals, url } from './api.js';
import { normal } from './list.js';
import { Series } from './series.js';

const PAGE = 1000;
const POLL_EVERY = 5000;
const MOST_HISTORIES = 250;
const SILENCE = 12_000; // the server says something every 2 s

/** The last status, all contexts by their ids, what was measured. Emits "status", "contexts" (detail: ids) and "link". */
class Live extends EventTarget {
  constructor() {
    super();
    this.status = null;
    this.contexts = new Map();
    this.complete = false;
    this.totals = new Series(['per_second', 'in_flight', 'memory']);
    this.histories = new Map();
    this.source = null;
    this.timer = 0;
    this.heard = 0;
    this.link = 'off'; // off, live, polling
    this.running = 0;
  }

  /** Begins, or begins again. */
  start() {
    this.stop();
    const run = ++this.running;
    this.connect(run);
    this.load(run).catch(() => {});
    this.timer = setInterval(() => this.watch(run), POLL_EVERY);
  }

  /** Ends; what is known stays. */
  stop() {
    this.running += 1;
    clearInterval(this.timer);
    this.source?.close();
    this.source = null;
    this.say('off');
  }

  connect(run) {
    this.source?.close();
    const source = new EventSource(url('events'));
    this.source = source;
    this.heard = Date.now();
    const on = (name, take) => source.addEventListener(name, event => {
      if (run !== this.running) return;
      this.heard = Date.now();
      this.say('live');
      take(JSON.parse(event.data));
    });
    on('status', status => this.takeStatus(status));
    on('contexts', items => this.takeContexts([items?.items ?? items].flat()));
    on('gone', paths => this.takeGone([paths?.paths ?? paths].flat()));
    source.onerror = () => {
      if (run === this.running) this.say('polling');
    };
  }

  /** Every few seconds: when the stream is silent, asks in its place and opens a new one. */
  async watch(run) {
    if (run !== this.running || document.hidden) return;
    const alive = this.source?.readyState === EventSource.OPEN && Date.now() - this.heard < SILENCE;
    if (alive) return;
    this.say('polling');
    try {
      await session();
      await this.load(run);
      if (run === this.running && Date.now() - this.heard > SILENCE) this.connect(run);
      else if (run === this.running && this.source?.readyState === EventSource.CLOSED) this.connect(run);
    } catch (failure) {
      if (failure.status === 401) signals.dispatchEvent(new Event('over'));
    }
  }

  /** Asks for the status and all contexts, some at a time. */
  async load(run) {
    this.takeStatus(await get('status'));
    const seen = new Set();
    for (let offset = 0; run === this.running; offset += PAGE) {
      const part = await get('contexts', { offset, limit: PAGE });
      if (run !== this.running) return;
      this.takeContexts(part.items).forEach(id => seen.add(id));
      if (part.items.length === 0 || offset + part.items.length >= part.total) break;
    }
    this.complete = true;
    this.takeGone([...this.contexts.keys()].filter(id => !seen.has(id)));
  }

  takeStatus(status) {
    this.status = status;
    this.totals.add(Date.now() / 1000, {
      per_second: status.requests?.per_second, in_flight: status.requests?.in_flight, memory: status.memory?.rss,
    });
    this.sample();
    this.dispatchEvent(new Event('status'));
  }

  takeContexts(items) {
    const ids = [];
    for (const item of items.map(normal)) {
      this.contexts.set(item.id, item);
      ids.push(item.id);
    }
    this.dispatchEvent(new CustomEvent('contexts', { detail: ids }));
    return ids;
  }

  takeGone(ids) {
    if (ids.length === 0) return;
    ids.forEach(id => {
      this.contexts.delete(id);
      this.histories.delete(id);
    });
    this.dispatchEvent(new CustomEvent('contexts', { detail: ids }));
  }

  /** The measurements of a context, kept since it was first seen at work or looked at. */
  history(path) {
    let series = this.histories.get(path);
    if (!series) {
      if (this.histories.size >= MOST_HISTORIES) this.histories.delete(this.histories.keys().next().value);
      series = new Series(['per_second', 'p50', 'p95', 'memory']);
      this.histories.set(path, series);
    }
    return series;
  }

  sample() {
    const now = Date.now() / 1000;
    for (const item of this.contexts.values()) {
      if (this.histories.size >= MOST_HISTORIES) break;
      if (item.state === 'ready' && (item.pid > 0 || item.per_second > 0)) this.history(item.id);
    }
    for (const [path, series] of this.histories) {
      const item = this.contexts.get(path);
      if (item) series.add(now, { per_second: item.per_second, p50: item.latency_ms?.p50, p95: item.latency_ms?.p95, memory: item.memory });
    }
  }

  say(link) {
    if (this.link === link) return;
    this.link = link;
    this.dispatchEvent(new Event('link'));
  }
}

/** The one of this page. */
export const live = new Live();

/** Calls `react` each time the configuration has been read again, well or not; answers what ends that. */
export function onReload(react) {
  let last = live.status?.last_reload?.at;
  const look = () => {
    const at = live.status?.last_reload?.at;
    if (at === last) return;
    last = at;
    react();
  };
  live.addEventListener('status', look);
  return () => live.removeEventListener('status', look);
}
