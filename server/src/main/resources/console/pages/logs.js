// The log of the server or of a context: search, levels, follow.
import { get } from '../api.js';
import { button, el, toast, write } from '../dom.js';
import { count, plural } from '../format.js';
import { live } from '../live.js';
import { lineNode, lineOf } from './lines.js';
import { follow } from './tail.js';

const LEVELS = ['ERROR', 'WARN', 'INFO', 'DEBUG'];
const STREAMS = { OUT: 'INFO', ERR: 'ERROR' }; // what applications print has no level, but comes one way or the other
const MOST = 2000;
const SERVER = 'server';

/** Shows it; `?path=` chooses a context. */
export function logsPage(main, parameters) {
  const page = new Logs(parameters.get('path') ?? '');
  main.append(page.form, page.box);
  page.ask();
  return () => page.close();
}

class Logs {
  constructor(path) {
    this.lines = [];
    this.tail = null;
    this.source = el('input', { id: 'log-source', list: 'log-sources', value: path || SERVER, autocomplete: 'off', spellcheck: false, 'autocapitalize': 'none' });
    this.search = el('input', { type: 'search', id: 'log-search', autocomplete: 'off', spellcheck: false, placeholder: 'Words in a line' });
    this.level = el('select', { id: 'log-level' }, el('option', { value: '', textContent: 'All levels' }),
      LEVELS.slice(0, 3).map(level => el('option', { value: level, textContent: level === 'ERROR' ? 'Errors' : `${level} and above` })));
    this.amount = el('select', { id: 'log-lines' }, [200, 500, 1000, 2000].map(lines => el('option', { value: lines, textContent: `${count(lines)} lines` })));
    this.press = button('Follow', () => this.toggle(), { 'aria-pressed': 'false', className: 'primary' });
    this.note = el('p', { className: 'hint', role: 'status' });
    this.box = el('div', { className: 'log tall', tabIndex: 0, role: 'log', 'aria-label': 'Log', 'aria-live': 'off' });
    this.form = this.makeForm();
  }

  makeForm() {
    const paths = el('datalist', { id: 'log-sources' }, [SERVER, ...[...live.contexts.keys()].sort()].map(path => el('option', { value: path })));
    const named = (label, input) => el('div', { className: 'field' }, el('label', { for: input.id, textContent: label }), input);
    const form = el('form', { className: 'card', role: 'search', 'aria-label': 'Log' },
      el('div', { className: 'fields' }, named('Log of', this.source), named('Search', this.search), named('Level', this.level), named('Show', this.amount)), paths,
      el('div', { className: 'bar' }, this.note, el('div', { className: 'actions' }, el('button', { type: 'submit', textContent: 'Show' }), this.press)));
    form.addEventListener('submit', event => {
      event.preventDefault();
      this.ask();
    });
    [this.source, this.amount].forEach(one => one.addEventListener('change', () => this.ask()));
    this.search.addEventListener('input', () => {
      clearTimeout(this.wait);
      this.wait = setTimeout(() => this.ask(), 400);
    });
    this.level.addEventListener('change', () => this.show());
    return form;
  }

  where() {
    const value = this.source.value.trim();
    return value === SERVER || value === '' ? { server: 'true' } : { path: value };
  }

  async ask() {
    const following = this.tail !== null;
    this.stop();
    const run = this.run = (this.run ?? 0) + 1;
    try {
      const answer = await get('logs', { ...this.where(), lines: this.amount.value, search: this.search.value.trim() });
      if (run !== this.run) return;
      this.lines = (answer.lines ?? []).map(lineOf);
      this.end = answer.end;
      this.show();
      if (following) this.begin();
    } catch (failure) {
      if (failure.status === 401 || run !== this.run) return;
      this.lines = [];
      this.show();
      write(this.note, failure.message);
    }
  }

  wanted(line) {
    const least = LEVELS.indexOf(this.level.value);
    const name = String(line.level ?? '').toUpperCase();
    const level = LEVELS.indexOf(STREAMS[name] ?? name);
    return least < 0 || (level >= 0 && level <= least);
  }

  show() {
    const shown = this.lines.filter(line => this.wanted(line));
    this.box.replaceChildren(...(shown.length > 0 ? shown.map(line => lineNode(line, this.source.value.trim())) : [el('p', { className: 'empty', textContent: 'No line is like that.' })]));
    this.box.scrollTop = this.box.scrollHeight;
    write(this.note, `${plural(shown.length, 'line')}${shown.length < this.lines.length ? ` of ${count(this.lines.length)}` : ''}`);
  }

  /** A new line: shown at the end, and followed by the eye when the end was in sight. */
  take(line) {
    this.lines.push(line);
    if (this.lines.length > MOST) this.lines.shift();
    if (!this.wanted(line)) return;
    this.box.querySelector('.empty')?.remove();
    const atEnd = this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < 40;
    this.box.append(lineNode(line, this.source.value.trim()));
    while (this.box.childElementCount > MOST) this.box.firstElementChild.remove();
    if (atEnd) this.box.scrollTop = this.box.scrollHeight;
  }

  toggle() {
    if (this.tail) this.stop();
    else this.begin();
  }

  begin() {
    this.tail = follow({ ...this.where(), search: this.search.value.trim() }, line => this.take(lineOf(line)), failure => {
      this.stop();
      toast(failure, true);
    }, this.end);
    this.end = undefined; // followed from there once
    this.press.setAttribute('aria-pressed', 'true');
    write(this.note, 'Following');
  }

  stop() {
    this.tail?.close();
    this.tail = null;
    this.press.setAttribute('aria-pressed', 'false');
    if (this.note.textContent === 'Following') write(this.note, 'No longer following');
  }

  close() {
    clearTimeout(this.wait);
    this.run = -1;
    this.stop();
  }
}
