// The page of the simulator: looks once a second, and sends what the buttons say.
import { drawMap, look } from './map.js';

const LOOK_EVERY = 1000;
const MOST_REQUESTS = 20;
const ACTIONS = {
  started: ['suspend', 'stop', 'kill'], suspended: ['start', 'stop'], stopped: ['start'], suspending: ['start'],
};

const byId = id => document.getElementById(id);
const requests = new Map(); // by their id, oldest first
let seen = 0;

const node = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

const trouble = message => {
  byId('trouble').textContent = message;
  byId('trouble').hidden = !message;
};

const ask = async (path, body) => {
  const options = body ? { method: 'POST', body: JSON.stringify(body) } : {};
  const answer = await fetch(path, options);
  const json = await answer.json();
  if (!answer.ok) throw new Error(json.error);
  return json;
};

const send = async (path, body) => {
  try {
    show(await ask(path, body));
    trouble('');
  } catch (failure) {
    trouble(failure.message);
  }
};

const button = (machine, action) => node('button', {
  type: 'button', textContent: action, ariaLabel: `${action} ${machine.id}`,
  onclick: () => send(`api/machines/${machine.id}/${action}`, {}),
});

const card = machine => {
  const actions = [...(ACTIONS[machine.state] ?? [])];
  actions.push(machine.broken ? 'mend' : 'break', machine.cordoned ? 'uncordon' : 'cordon');
  const facts = [machine.region, machine.state, machine.address];
  if (machine.load) facts.push(`${machine.load} in flight`);
  if (machine.cordoned) facts.push('cordoned');
  if (machine.broken) facts.push('broken');
  return node('article', { className: 'card' },
    node('h3', {}, node('span', { className: `dot ${look(machine)}` }), `${machine.app} ${machine.id}`),
    node('p', { textContent: facts.join(' · ') }),
    node('div', { className: 'buttons' }, ...actions.map(action => button(machine, action))));
};

/** Only when something has changed: a rebuilt button would lose the focus. */
const fill = (id, value, build) => {
  const key = JSON.stringify(value);
  if (byId(id).dataset.key === key) return;
  byId(id).dataset.key = key;
  const focused = document.activeElement?.ariaLabel;
  byId(id).replaceChildren(...build());
  if (focused) [...byId(id).querySelectorAll('button')].find(one => one.ariaLabel === focused)?.focus();
};

const hopBox = hop => node('span', { className: hop.decision === 'error' ? 'hop-box error' : 'hop-box' },
  `${hop.machine_region} ${hop.machine} · ${hop.decision}${hop.error ? ' ' + hop.error : ''} · ${hop.ms} ms`);

const requestLine = request => {
  const failed = request.outcome && request.outcome !== 'answered';
  const steps = [node('span', { className: 'hop-box' }, `edge ${request.edge}`)];
  for (const hop of request.hops) steps.push('→', hopBox(hop));
  return node('li', {},
    node('div', { className: 'line' },
      node('span', { className: 'what', textContent: `${request.method} ${request.path}` }),
      node('span', { className: failed ? 'status error' : 'status', textContent: failed ? request.outcome : request.status ?? '' }),
      node('span', { className: 'dim', textContent: `${request.time.slice(11, 19)} · ${request.ms ?? '…'} ms` })),
    node('div', { className: 'path' }, ...steps));
};

const learn = events => {
  for (const event of events) {
    seen = Math.max(seen, event.seq);
    if (!event.request || !['hop', 'done', 'unreached'].includes(event.kind)) continue;
    const request = requests.get(event.request)
      ?? { method: event.method, path: event.path, edge: event.edge, time: event.time, hops: [] };
    requests.set(event.request, request);
    if (event.kind === 'hop') {
      request.hops.push(event);
      request.status = event.status;
    } else if (event.kind === 'done') {
      request.outcome = event.outcome;
      request.ms = event.ms;
    }
  }
  while (requests.size > MOST_REQUESTS) requests.delete(requests.keys().next().value);
};

const show = state => {
  const list = [...requests.values()].reverse();
  drawMap(byId('map'), state, list[0]?.hops ?? []);
  fill('apps', state.apps, () => state.apps.map(app => app.url
    ? node('a', { href: app.url, textContent: `${app.name} ${app.url}` }) : node('span', { textContent: app.name })));
  fill('machines', state.machines, () => state.machines.map(card));
  fill('requests', list, () => list.map(requestLine));
  byId('no-requests').hidden = list.length > 0;
  const dns = state.dns;
  byId('dns-address').textContent = dns.address;
  byId('dns-now').textContent = dns.mode === 'none' && !dns.slow_ms && !dns.stale_ms ? 'all is well'
    : `now: ${dns.mode}, ${dns.slow_ms} ms later, ${dns.stale_ms} ms old${dns.suffix ? ', only …' + dns.suffix : ''}`;
};

const lookOnce = async () => {
  try {
    learn(await ask(`api/events?after=${seen}`));
    show(await ask('api/state'));
    if (byId('trouble').textContent === 'The simulator does not answer.') trouble('');
  } catch {
    trouble('The simulator does not answer.');
  }
  setTimeout(lookOnce, LOOK_EVERY);
};

byId('dns').addEventListener('submit', event => {
  event.preventDefault();
  send('api/dns', Object.fromEntries(new FormData(event.target)));
});

lookOnce();
