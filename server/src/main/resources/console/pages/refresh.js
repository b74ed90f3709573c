// Pages whose content is asked for every few seconds and built anew only when it differs, so that the focus stays where it is.
import { el } from '../dom.js';

/**
 * Asks with `load` and shows with `build`, every `every` ms while the page is visible. Answers {node, again(), close()}.
 * While the focus is on a field or inside a dialog nothing is replaced.
 */
export function refreshed(load, build, every = 5000) {
  const node = el('div', { className: 'refreshed' });
  const trouble = el('p', { className: 'trouble', role: 'alert', hidden: true });
  const place = el('div', { className: 'stack' }, el('p', { className: 'empty', textContent: 'Asking the server…' }));
  node.append(trouble, place);
  let key = '';
  let closed = false;
  const again = async () => {
    try {
      const answer = await load();
      if (closed) return;
      trouble.hidden = true;
      const next = JSON.stringify(answer) ?? '';
      if (next === key && key !== '') return;
      key = next;
      replace(place, [build(answer)].flat());
    } catch (failure) {
      if (closed || failure.status === 401) return;
      if (failure.status === undefined) throw failure;
      if (key === '') place.replaceChildren();
      trouble.textContent = failure.message;
      trouble.hidden = failure.status === 0;
    }
  };
  const timer = setInterval(() => {
    const focused = document.activeElement;
    if (!document.hidden && !(place.contains(focused) && focused.matches('input, select, textarea'))) again();
  }, every);
  again();
  return { node, again, close: () => { closed = true; clearInterval(timer); } };
}

/** Puts new nodes in, gives the focus and the open parts back by their names. */
function replace(place, nodes) {
  const focused = place.contains(document.activeElement) ? nameOf(document.activeElement) : null;
  const open = new Set([...place.querySelectorAll('details[open]')].map(nameOf));
  place.replaceChildren(...nodes);
  place.querySelectorAll('details').forEach(one => { if (open.has(nameOf(one))) one.open = true; });
  if (focused) [...place.querySelectorAll('button, summary, a, [tabindex]')].find(one => nameOf(one) === focused)?.focus();
}

const nameOf = node => `${node.tagName} ${node.dataset.key ?? node.getAttribute('aria-label') ?? node.textContent}`;
