// The table of contexts: one page of rows, whose cells change in place while the server works.
import { get } from '../api.js';
import { badge, button, contextLink, el, write } from '../dom.js';
import { bytes, count, millis, rate } from '../format.js';
import { page } from '../list.js';
import { live } from '../live.js';
import { actionsOf } from './actions.js';
import { logLines } from './lines.js';

const HEADS = [
  ['path', 'Path', ''], ['state', 'State', ''], ['kind', 'Kind', ''], ['per_second', 'Req/s', 'num'], ['latency', 'p95', 'num'],
  ['in_flight', 'In flight', 'num'], ['memory', 'Memory', 'num'],
];
const ORDER_EVERY = 3000;

/** One table; `view` says what it shows. */
export class Rows {
  constructor(view, shown) {
    this.view = view;
    this.shown = shown;
    this.rows = new Map();
    this.open = new Set();
    this.pending = false;
    this.known = 0;
    this.closed = false;
    this.build();
  }

  build() {
    this.heads = new Map();
    const head = el('tr', {}, HEADS.map(([column, label, kind]) => {
      const sort = el('button', { type: 'button', className: 'sort', onclick: () => this.sort(column) }, label, el('span', { className: 'arrow', 'aria-hidden': 'true' }));
      const cell = el('th', { scope: 'col', className: kind }, sort);
      this.heads.set(column, cell);
      return cell;
    }));
    this.body = el('tbody', {});
    this.table = el('table', { className: 'grid contexts' }, el('caption', { className: 'unseen', textContent: 'Contexts' }), el('thead', {}, head), this.body);
    this.foot = el('div', { className: 'pager' });
    this.text = el('p', { className: 'range', role: 'status' });
    const size = el('select', { id: 'size' }, [25, 50, 100, 200].map(amount => el('option', { value: amount, textContent: amount, selected: amount === this.view.size })));
    size.addEventListener('change', () => {
      this.view.size = Number(size.value);
      this.view.page = 0;
      this.again();
    });
    this.back = button('Previous', () => this.turn(-1));
    this.next = button('Next', () => this.turn(1));
    this.foot.append(this.text, el('div', { className: 'field inline' }, el('label', { for: 'size', textContent: 'Rows' }), size), this.back, this.next);
    this.node = el('div', {}, el('div', { className: 'scroller' }, this.table), this.foot);
  }

  sort(column) {
    this.view.descending = this.view.column === column ? !this.view.descending : !['path', 'kind', 'state'].includes(column);
    this.view.column = column;
    this.view.page = 0;
    this.again();
  }

  turn(by) {
    this.view.page += by;
    this.again();
    this.node.scrollIntoView({ block: 'start' });
  }

  /** Some contexts have changed: their cells at once, the order now and then, and not under somebody's hand. */
  changed(ids) {
    for (const id of ids) {
      const item = live.contexts.get(id);
      if (item && this.rows.has(id)) this.rows.get(id).update(item);
    }
    if (this.pending) return;
    this.pending = true;
    const wait = live.contexts.size === this.known ? ORDER_EVERY : 50;
    this.known = live.contexts.size;
    setTimeout(() => {
      this.pending = false;
      if (!this.closed && !this.body.matches(':hover') && !this.body.contains(document.activeElement)) this.again();
      else if (!this.closed) this.write(this.look());
    }, wait);
  }

  look() {
    return page([...live.contexts.values()], this.view);
  }

  /** Chooses, orders and shows one page. Rows that stay are kept as they are. */
  again() {
    const found = this.look();
    this.view.page = found.number;
    const kept = new Map();
    const nodes = found.rows.flatMap(item => {
      const row = this.rows.get(item.id) ?? this.row(item);
      row.update(item);
      kept.set(item.id, row);
      return row.nodes;
    });
    this.rows.forEach((row, id) => { if (!kept.has(id)) row.close(); });
    this.rows = kept;
    if (nodes.length === 0) nodes.push(el('tr', {}, el('td', { colSpan: HEADS.length, className: 'empty', textContent: this.nothing() })));
    if (nodes.length !== this.body.childNodes.length || nodes.some((node, at) => node !== this.body.childNodes[at])) this.body.replaceChildren(...nodes);
    this.write(found);
    this.shown();
  }

  nothing() {
    if (live.contexts.size > 0) return 'No context is like that. Change the search or choose another state.';
    return live.complete ? 'Nothing is mounted yet. Deploy a WAR, or write contexts into conf/server.yml.' : 'Asking the server…';
  }

  write(found) {
    const from = found.found === 0 ? 0 : found.number * this.view.size + 1;
    write(this.text, `${count(from)}–${count(Math.min(found.found, (found.number + 1) * this.view.size))} of ${count(found.found)}`);
    this.back.disabled = found.number === 0;
    this.next.disabled = found.number >= found.pages - 1;
    this.heads.forEach((cell, column) => {
      if (column === this.view.column) cell.setAttribute('aria-sort', this.view.descending ? 'descending' : 'ascending');
      else cell.removeAttribute('aria-sort');
    });
  }

  row(item) {
    const { id, path } = item;
    const opener = el('button', { type: 'button', className: 'opener', 'aria-expanded': 'false', 'aria-label': `Last log lines of ${id}` }, el('span', { 'aria-hidden': 'true' }));
    const link = el('a', { href: contextLink(path), textContent: id });
    const note = el('span', { className: 'why' });
    const cells = Object.fromEntries(['state', 'kind', 'per_second', 'latency', 'in_flight', 'memory'].map(name => [
      name, el('td', { className: HEADS.find(head => head[0] === name)[2], 'data-label': HEADS.find(head => head[0] === name)[1] })]));
    const main = el('tr', {}, el('th', { scope: 'row' }, el('div', { className: 'path' }, opener, el('div', {}, link, note))), Object.values(cells));
    const row = { nodes: [main], close() {} };
    opener.addEventListener('click', () => this.toggle(row, item, opener, main));
    row.update = next => update(cells, note, next);
    return row;
  }

  /** Opens or closes the lines and actions below a row. */
  toggle(row, { id, path }, opener, main) {
    const opens = row.nodes.length === 1;
    opener.setAttribute('aria-expanded', String(opens));
    if (!opens) {
      row.nodes.pop().remove();
      row.close();
      row.close = () => {};
      return;
    }
    const place = el('div', { className: 'inside' });
    const actions = id === path ? actionsOf(path) : { node: el('span', { className: 'dim', textContent: 'An older version, which serves the sessions that it has.' }), close() {} };
    const lines = el('div', { role: 'status', textContent: 'Asking for the last lines…' });
    place.append(el('div', { className: 'bar' }, actions.node, el('a', { href: contextLink(path), textContent: 'All about it' })), lines);
    const below = el('tr', { className: 'below' }, el('td', { colSpan: HEADS.length }, place));
    row.nodes.push(below);
    main.after(below);
    row.close = actions.close;
    get('contexts/one', { path }).then(
      one => lines.replaceChildren(logLines(one.log ?? [], `Last log lines of ${path}`, 'Nothing has been logged.', path)),
      failure => { lines.textContent = failure.message; });
  }

  close() {
    this.closed = true;
    this.rows.forEach(row => row.close());
  }
}

function update(cells, note, item) {
  if (cells.state.dataset.state !== item.state) {
    cells.state.dataset.state = item.state;
    cells.state.replaceChildren(badge(item.state));
  }
  write(note, item.state === 'failed' ? item.reason ?? '' : item.version ?? '');
  write(cells.kind, item.kind ?? '');
  write(cells.per_second, rate(item.per_second ?? 0));
  write(cells.latency, item.latency_ms ? millis(item.latency_ms.p95) : '–');
  write(cells.in_flight, count(item.in_flight ?? 0));
  write(cells.memory, item.memory > 0 ? bytes(item.memory) : '–');
}
