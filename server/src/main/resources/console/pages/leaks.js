// Web applications that were stopped and are still in memory.
import { get } from '../api.js';
import { button, el, table } from '../dom.js';
import { ago, clock } from '../format.js';

/** Shows them. Looking makes the server collect garbage, so nothing is asked again by itself. */
export async function leaksPage(main) {
  const place = el('div', { className: 'card', 'aria-live': 'polite' });
  const look = async () => {
    again.setAttribute('aria-busy', 'true');
    try {
      const leaks = await get('leaks') ?? [];
      place.replaceChildren(table('Leaks', ['Path', 'Class loader', 'Stopped'],
        leaks.map(one => [one.path, el('code', { textContent: one.class_loader }), one.since ? `${clock(one.since)} (${ago(one.since)})` : '–']),
        'Nothing is left behind: every web application that was stopped has left the memory.'));
    } finally {
      again.removeAttribute('aria-busy');
    }
  };
  const again = button('Look again', look);
  main.append(el('div', { className: 'bar' },
    el('p', { className: 'lead', textContent: 'A stopped web application whose class loader something still holds. The log tells what Marina found there and cleaned.' }), again), place);
  await look();
}
