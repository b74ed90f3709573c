// All contexts at a glance: what runs, what is slow, what has failed.
import { el, write } from '../dom.js';
import { spark } from '../chart.js';
import { bytes, count, rate, span } from '../format.js';
import { counts, STATES } from '../list.js';
import { live } from '../live.js';
import { Rows } from './rows.js';

const view = { search: '', state: '', column: 'path', descending: false, page: 0, size: 50 }; // kept while one looks at other pages

/** Shows it, live. */
export function overviewPage(main) {
  const tiles = makeTiles();
  const rows = new Rows(view, () => refresh());
  const chips = makeChips(() => rows.again());
  const search = el('input', { type: 'search', id: 'search', placeholder: 'Path, kind, place…', value: view.search, autocomplete: 'off', spellcheck: false });
  search.addEventListener('input', () => {
    view.search = search.value;
    view.page = 0;
    rows.again();
  });
  main.append(tiles.node,
    el('section', { className: 'card', 'aria-labelledby': 'contexts-title' },
      el('div', { className: 'bar' },
        el('h2', { id: 'contexts-title', textContent: 'Contexts' }),
        el('div', { className: 'field inline' }, el('label', { for: 'search', textContent: 'Search' }), search)),
      chips.node, rows.node));
  const refresh = () => {
    chips.update(counts([...live.contexts.values()]));
  };
  const onStatus = () => tiles.update(live.status);
  const onContexts = event => {
    rows.changed(event.detail);
    refresh();
  };
  live.addEventListener('status', onStatus);
  live.addEventListener('contexts', onContexts);
  if (live.status) onStatus();
  refresh();
  rows.again();
  return () => {
    live.removeEventListener('status', onStatus);
    live.removeEventListener('contexts', onContexts);
    rows.close();
  };
}

function tile(label) {
  const value = el('span', { className: 'value', textContent: '–' });
  const note = el('span', { className: 'note' });
  const node = el('div', { className: 'tile' }, el('span', { className: 'label', textContent: label }), value, note);
  return { node, set: (text, small = '') => { write(value, text); write(note, small); } };
}

function makeTiles() {
  const requests = tile('Requests per second');
  const flight = tile('In flight');
  const running = tile('Applications');
  const memory = tile('Memory');
  const uptime = tile('Up');
  const line = spark();
  requests.node.append(line.node);
  const node = el('section', { className: 'tiles', 'aria-label': 'The server' }, [requests, flight, running, memory, uptime].map(one => one.node));
  const update = status => {
    requests.set(rate(status.requests?.per_second), `${count(status.requests?.total)} since the start`);
    line.update(live.totals.lines[0].slice(-60));
    const waiting = status.waiting_for_room > 0 ? `, ${count(status.waiting_for_room)} waiting for room` : '';
    flight.set(count(status.requests?.in_flight), status.cpu_percent === undefined ? '' : `CPU ${rate(status.cpu_percent)} %`);
    running.set(count(status.running_backends), `${status.max_backends > 0 ? `of ${count(status.max_backends)} at most` : 'running'}${waiting}`);
    memory.set(bytes(status.memory?.rss), `heap ${bytes(status.memory?.heap_used)} of ${bytes(status.memory?.heap_max)}`);
    uptime.set(span(status.uptime_ms), `Marina ${status.version ?? ''}, pid ${status.pid ?? ''}`);
  };
  return { node, update };
}

function makeChips(changed) {
  const buttons = new Map();
  const add = (state, label) => {
    const number = el('span', { className: 'number' });
    const made = el('button', { type: 'button', className: `chip ${state}` },
      state ? el('span', { className: 'mark', 'aria-hidden': 'true' }) : null, el('span', { textContent: label }), number);
    made.addEventListener('click', () => {
      view.state = view.state === state ? '' : state;
      view.page = 0;
      press();
      changed();
    });
    buttons.set(state, { made, number });
    return made;
  };
  const press = () => buttons.forEach(({ made }, state) => made.setAttribute('aria-pressed', String(view.state === state)));
  const node = el('div', { className: 'chips', role: 'group', 'aria-label': 'Show contexts by state' },
    add('', 'all'), STATES.map(state => add(state, state)));
  press();
  return {
    node,
    update(numbers) {
      buttons.forEach(({ made, number }, state) => {
        const amount = state ? numbers[state] : live.contexts.size;
        write(number, count(amount));
        made.classList.toggle('none', amount === 0);
      });
    },
  };
}
