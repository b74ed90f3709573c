// Web applications that were stopped and are still in memory.
import { get } from '../api.js';
import { el, table } from '../dom.js';
import { ago, clock } from '../format.js';
import { refreshed } from './refresh.js';

/** Shows them. */
export function leaksPage(main) {
  const part = refreshed(() => get('leaks'), leaks => el('section', { className: 'card' }, table('Leaks', ['Path', 'Class loader', 'Stopped'],
    (leaks ?? []).map(one => [one.path, el('code', { textContent: one.class_loader }), `${clock(one.since)} (${ago(one.since)})`]),
    'Nothing is left behind: every web application that was stopped has left the memory.')), 10_000);
  main.append(el('p', { className: 'lead', textContent: 'A stopped web application whose class loader something still holds. The log tells what Marina found there and cleaned.' }), part.node);
  return part.close;
}
