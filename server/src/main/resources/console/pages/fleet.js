// The fleet: where each context lives, and what DNS says of that place.
import { get } from '../api.js';
import { badge, contextLink, el, facts, section, table } from '../dom.js';
import { count, plural, span } from '../format.js';
import { refreshed } from './refresh.js';

const LOOKS = { LIVE: 'ready', ASLEEP: 'draining', ABSENT: 'failed', UNKNOWN: 'stopped' };
const SHOWN = 200; // contexts of one place, before the rest is only counted

/** Shows the map of places. */
export function fleetPage(main) {
  const part = refreshed(() => get('fleet'), build);
  main.append(part.node);
  return part.close;
}

function build(fleet) {
  if (!fleet) return el('p', { className: 'empty', textContent: 'This server belongs to no fleet. Placement is written under fleet: in conf/server.yml.' });
  const places = new Map();
  for (const context of fleet.contexts ?? []) {
    const name = context.place || 'every machine';
    if (!places.has(name)) places.set(name, []);
    places.get(name).push(context);
  }
  const decisions = Object.entries(fleet.decisions ?? {});
  return [
    section('This machine', facts([['Machine', fleet.machine], ['Region', fleet.region], ['App', fleet.app], ['Platform', fleet.platform]])),
    section('Places', el('div', { className: 'places' }, [...places].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, contexts]) => place(name, contexts)))),
    section('What DNS says', table('Names in DNS', ['Name', 'State', 'Machines', 'Asked'], (fleet.dns ?? []).map(one => [
      one.name, badgeOf(one.state), [one.machines ?? []].flat().join(', ') || '–', `${span(one.age_ms)} ago`,
    ]), 'Nothing has been asked yet.')),
    section('Decisions since the start', table('Decisions', ['Decision', 'Requests'], decisions.map(([name, amount]) => [name, count(amount)]),
      'No request had to leave this machine.')),
  ];
}

function badgeOf(state) {
  return badge(LOOKS[state] ?? 'stopped', String(state).toLowerCase());
}

function place(name, contexts) {
  const here = contexts.some(context => context.here);
  const [{ dns }] = contexts; // all of one place have the same
  const list = contexts.slice(0, SHOWN).map(context => el('li', {}, context.here
    ? el('a', { href: contextLink(context.path), textContent: context.path })
    : el('span', { textContent: context.path })));
  if (contexts.length > SHOWN) list.push(el('li', { textContent: `and ${count(contexts.length - SHOWN)} more` }));
  return el('article', { className: here ? 'place here' : 'place' },
    el('h3', {}, name, here ? el('span', { className: 'tag', textContent: 'here' }) : null),
    dns ? badgeOf(dns) : null,
    el('details', { dataset: { key: name }, open: contexts.length <= 8 }, el('summary', { textContent: plural(contexts.length, 'context') }), el('ul', { className: 'plain paths' }, list)));
}
