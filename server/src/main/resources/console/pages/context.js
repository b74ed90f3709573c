// One context: its state, its last minutes, its log and its configuration.
import { get } from '../api.js';
import { chart } from '../chart.js';
import { badge, button, el, facts, section, toast } from '../dom.js';
import { ago, bytes, clock, count, millis, rate } from '../format.js';
import { normal } from '../list.js';
import { live } from '../live.js';
import { actionsOf } from './actions.js';
import { poolTable } from './pools.js';
import { refreshed } from './refresh.js';
import { lineNode, logLines } from './lines.js';
import { follow } from './tail.js';
import { valuesPart } from './values.js';

/** Shows it, live. */
export async function contextPage(main, parameters) {
  const path = parameters.get('path') ?? '/';
  const one = normal(await get('contexts/one', { path }));
  if (!live.contexts.has(path)) live.takeContexts([one]);
  const series = live.history(path);
  live.sample();
  const charts = [
    chart('Requests per second', series, [{ name: 'per_second', label: 'requests', color: 'accent' }], rate, 1),
    chart('Latency', series, [{ name: 'p50', label: 'p50', color: 'accent' }, { name: 'p95', label: 'p95', color: 'warn' }], millis, 10),
    chart('Memory', series, [{ name: 'memory', label: 'memory', color: 'accent' }], bytes, 16 * 1024 * 1024),
  ];
  const state = el('div', { className: 'state-line' });
  const about = el('div', {});
  const actions = actionsOf(path, true);
  const log = makeLog(path, one);
  const pool = poolPart(path, one);
  main.prepend(el('p', { className: 'crumbs' }, el('a', { href: '#/', textContent: '← All contexts' })));
  main.append(
    el('div', { className: 'bar head' }, state, actions.node),
    section('The last minutes', el('div', { className: 'charts' }, charts.map(each => each.node))),
    section('Facts', about),
    ...pool.nodes,
    log.node,
    ...versionsPart(path, one),
    ...await valuesOf(path),
    section('Configuration as YAML', el('pre', { className: 'code', tabIndex: 0, role: 'region', 'aria-label': `Configuration of ${path}`, textContent: one.config ?? '' })));
  const update = () => {
    showState(state, about, { ...one, ...live.contexts.get(path) }, live.contexts.has(path));
    log.look(live.contexts.get(path)?.state);
  };
  const tick = () => charts.forEach(each => each.update());
  update();
  live.addEventListener('contexts', update);
  live.addEventListener('status', tick);
  return () => {
    live.removeEventListener('contexts', update);
    live.removeEventListener('status', tick);
    [...charts, actions, log, pool].forEach(each => each.close());
  };
}

function showState(state, about, item, there) {
  const shown = there ? item.state : 'gone';
  if (state.dataset.state !== shown + item.reason) {
    state.dataset.state = shown + item.reason;
    state.replaceChildren(badge(shown), el('span', { className: 'why', textContent: item.reason ?? '' }));
  }
  const url = item.url ? el('a', { href: safe(item.url), textContent: item.url, target: '_blank', rel: 'noopener' }) : '';
  const latency = item.latency_ms;
  const next = facts([
    ['Kind', item.kind], ['Version', item.version], ['Address', url],
    ['Requests', count(item.requests)], ['In flight', count(item.in_flight ?? 0)],
    ['Latency', latency ? `mean ${millis(latency.mean)}, p50 ${millis(latency.p50)}, p95 ${millis(latency.p95)}, p99 ${millis(latency.p99)}` : ''],
    ['Memory', item.memory > 0 ? bytes(item.memory) : ''], ['Process', item.pid > 0 ? item.pid : ''],
    ['Started', item.started_at ? `${clock(item.started_at)}` : ''],
    ['Sessions', item.sessions >= 0 ? count(item.sessions) : ''], ['Leases', item.leases > 0 ? count(item.leases) : ''], ['Place', item.place],
  ]);
  if (about.textContent !== next.textContent) about.replaceChildren(next);
}

/** Only addresses of the web: a link must not run anything. */
function safe(address) {
  return /^https?:\/\//.test(address) ? address : '#/';
}

/** The members of its pool, if it has one: {nodes, close()}. */
function poolPart(path, one) {
  if (one.kind !== 'upstream') return { nodes: [], close() {} };
  const part = refreshed(() => get('pools').catch(failure => (failure.status === 403 ? [] : Promise.reject(failure))), pools => (pools ?? [])
    .filter(pool => pool.path === path)
    .map(pool => section('Pool', poolTable(pool, () => part.again()))), 3000);
  return { nodes: [part.node], close: part.close };
}

/** Where each value of it was written; nothing for those who may not see that. */
async function valuesOf(path) {
  const all = await get('configuration', { path }).catch(() => null);
  return all?.values?.length > 0 ? [valuesPart(all.values, 'Configuration')] : [];
}

function versionsPart(path, one) {
  const before = (one.previous_versions ?? []).map(version => (typeof version === 'string' ? { version } : version));
  if (before.length === 0) return [];
  return [section('Versions before this one', el('ul', { className: 'plain' }, before.map(version => el('li', {
    textContent: [version.version, version.at ? `${clock(version.at)} (${ago(version.at)})` : '', version.size ? bytes(version.size) : ''].filter(Boolean).join(' · '),
  }))))];
}

/** The last lines; they are asked for again when the state has changed, unless they are followed. */
function makeLog(path, one) {
  const place = el('div', {});
  const show = lines => place.replaceChildren(logLines(lines ?? [], `Log of ${path}`, 'Nothing has been logged.', path));
  let state = one.state;
  let tail = null;
  show(one.log);
  const look = async next => {
    if (next === undefined || next === state) return;
    state = next;
    if (tail) return;
    const now = await get('contexts/one', { path }).catch(() => null);
    if (now && !tail) show(now.log);
  };
  const press = button('Follow', () => {
    if (tail) {
      tail.close();
      tail = null;
    } else {
      tail = follow({ path }, line => {
        let box = place.querySelector('.log');
        if (!box) {
          box = logLines([line], `Log of ${path}`, '', path);
          place.replaceChildren(box);
        } else {
          box.append(lineNode(line, path));
          while (box.childElementCount > 1000) box.firstElementChild.remove();
        }
        box.scrollTop = box.scrollHeight;
      }, failure => {
        toast(failure, true);
        press.click();
      });
    }
    press.setAttribute('aria-pressed', String(tail !== null));
  }, { 'aria-pressed': 'false' });
  const node = el('section', { className: 'card' }, el('div', { className: 'bar' }, el('h2', { textContent: 'Log' }),
    el('div', { className: 'actions' }, press, el('a', { className: 'as-button', href: `#/logs?path=${encodeURIComponent(path)}`, textContent: 'Search' }))), place);
  return { node, look, close: () => tail?.close() };
}
