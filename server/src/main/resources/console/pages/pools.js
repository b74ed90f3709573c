// Pools: the members of upstream contexts, with a switch to take one out.
import { get, post } from '../api.js';
import { badge, contextLink, el, facts, table, toast } from '../dom.js';
import { count, millis } from '../format.js';
import { refreshed } from './refresh.js';

const LOOKS = { up: 'ready', healthy: 'ready', ready: 'ready', down: 'failed', unhealthy: 'failed', failed: 'failed', ejected: 'failed', drained: 'draining', draining: 'draining' };

/** Shows all of them. */
export function poolsPage(main) {
  const part = refreshed(() => get('pools'), pools => {
    if (!pools || pools.length === 0) return el('p', { className: 'empty', textContent: 'No context has a pool. A context with upstream and several members has one.' });
    return pools.map(pool => el('section', { className: 'card' },
      el('h2', {}, el('a', { href: contextLink(pool.path), textContent: pool.path })),
      poolTable(pool, () => part.again())));
  }, 3000);
  main.append(part.node);
  return part.close;
}

/** The members of one pool; `changed` is called after a switch. */
export function poolTable(pool, changed) {
  const about = facts([['Steering', words(pool.steering)], ['Health', words(pool.health)]]);
  const members = pool.members ?? [];
  const timed = members.some(member => Number.isFinite(member.latency_ms));
  return el('div', { className: 'stack' }, about, table(`Members of ${pool.path}`,
    ['Member', 'State', 'Weight', 'In flight', 'Requests', 'Failures', ...(timed ? ['Latency'] : []), 'Takes requests'],
    members.map(member => [
      el('div', {}, el('span', { textContent: member.name || member.url }), member.name && member.name !== member.url ? el('span', { className: 'why', textContent: member.url }) : null),
      stateBadge(member), count(member.weight), count(member.in_flight), count(member.requests), count(member.failures),
      ...(timed ? [millis(member.latency_ms)] : []), drainSwitch(pool.path, member, changed),
    ]), 'It has no members.'));
}

const words = value => (value && typeof value === 'object' ? Object.entries(value).map(([key, one]) => `${key} ${one}`).join(', ') : value);

function stateBadge(member) {
  const state = String(member.state ?? '').toLowerCase();
  return badge(LOOKS[state] ?? 'stopped', state || 'unknown');
}

function drainSwitch(path, member, changed) {
  const name = member.name || member.url;
  const node = el('button', { type: 'button', className: 'switch', role: 'switch', 'aria-checked': String(!(member.drained ?? String(member.state).toLowerCase() === 'drained')), 'aria-label': `${name} takes requests` },
    el('span', { className: 'knob', 'aria-hidden': 'true' }));
  node.addEventListener('click', async () => {
    if (node.getAttribute('aria-busy') === 'true') return;
    const on = node.getAttribute('aria-checked') !== 'true';
    node.setAttribute('aria-busy', 'true');
    try {
      const answer = await post(on ? 'pools/enable' : 'pools/drain', { path, member: member.url ?? member.name });
      node.setAttribute('aria-checked', String(on));
      toast(answer.messages, answer.succeeded === false);
      changed();
    } catch (failure) {
      if (failure.status !== 401) toast(failure.messages, true);
    }
    node.removeAttribute('aria-busy');
  });
  return node;
}
