// The frame around the pages: who is logged in, which page is shown, whether the server is there.
import { logout, session, signals } from './api.js';
import { announce, byId, el, toast, write } from './dom.js';
import { live } from './live.js';
import { stateOf } from './list.js';
import { become, forget, me } from './user.js';
import { loginPage } from './pages/login.js';
import { overviewPage } from './pages/overview.js';
import { contextPage } from './pages/context.js';
import { deployPage } from './pages/deploy.js';
import { servicesPage } from './pages/services.js';
import { hooksPage } from './pages/hooks.js';
import { fleetPage } from './pages/fleet.js';
import { poolsPage } from './pages/pools.js';
import { configurationPage } from './pages/configuration.js';
import { historyPage } from './pages/history.js';
import { logsPage } from './pages/logs.js';
import { leaksPage } from './pages/leaks.js';
import { machinePage } from './pages/machine.js';

const PAGES = [
  ['', 'Overview', overviewPage],
  ['deploy', 'Deploy', deployPage],
  ['logs', 'Logs', logsPage],
  ['services', 'Services', servicesPage],
  ['hooks', 'Hooks', hooksPage],
  ['pools', 'Pools', poolsPage],
  ['fleet', 'Fleet', fleetPage],
  ['machine', 'Machine', machinePage],
  ['configuration', 'Configuration', configurationPage],
  ['history', 'History', historyPage],
  ['leaks', 'Leaks', leaksPage],
];

const OF_CHANGES = new Set(['deploy']); // pages that are for changes only

let close = () => {};
let turn = 0;
let away = false;
const states = new Map();

/** What the address asks for: the name of a page and its parameters. */
function wanted() {
  const [name, query] = location.hash.replace(/^#\/?/, '').split('?');
  return { name, parameters: new URLSearchParams(query ?? '') };
}

function leave() {
  const end = close;
  close = () => {};
  end();
}

/** Shows the page of the address. The focus goes to it, unless it is the first one. */
async function show(focus) {
  const mine = ++turn;
  leave();
  const main = byId('main');
  const { name, parameters } = wanted();
  const [, label, page] = PAGES.find(one => one[0] === name) ?? (name === 'context' ? ['', parameters.get('path') ?? '', contextPage] : PAGES[0]);
  document.title = `${label} – Marina`;
  for (const link of byId('nav').querySelectorAll('a')) {
    if (link.dataset.page === name) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  openMenu(false);
  main.replaceChildren(el('h1', { textContent: label, tabIndex: -1 }));
  if (focus) main.querySelector('h1').focus();
  if (focus) scrollTo(0, 0);
  try {
    const end = await page(main, parameters);
    if (mine === turn) close = end ?? close;
    else end?.();
  } catch (failure) {
    if (mine === turn && failure.status !== 401) main.append(el('p', { className: 'trouble', role: 'alert', textContent: failure.message }));
    if (failure.status === undefined) throw failure;
  }
}

function frame(visible) {
  byId('top').hidden = !visible;
  byId('nav').hidden = !visible;
  document.body.classList.toggle('guest', !visible);
}

function showLogin(messages) {
  turn += 1;
  leave();
  live.stop();
  document.querySelectorAll('dialog').forEach(dialog => dialog.close());
  frame(false);
  document.title = 'Log in – Marina';
  byId('banner').replaceChildren();
  loginPage(byId('main'), messages, enter);
}

/** Begins with the session; the focus goes to the page when the form of the login had it. */
function enter(answer, focus = true) {
  become(answer);
  byId('logout').title = `Logged in as ${me.name}`;
  byId('nav').querySelectorAll('li').forEach((item, at) => { item.hidden = at > 0 && !(OF_CHANGES.has(PAGES[at][0]) ? me.changes : me.sees); });
  frame(true);
  live.start();
  show(focus);
}

function openMenu(open) {
  byId('menu').setAttribute('aria-expanded', String(open));
  byId('nav').classList.toggle('open', open);
}

function buildNav() {
  byId('nav').append(el('ul', {}, PAGES.map(([name, label]) => el('li', {}, el('a', { href: `#/${name}`, textContent: label, dataset: { page: name } })))));
}

/** Changes of state are told to screen readers, a few by name, more as a number. */
function tell(event) {
  const changes = [];
  for (const path of event.detail) {
    const item = live.contexts.get(path);
    const state = item ? stateOf(item) : 'gone';
    const before = states.get(path);
    if (item) states.set(path, state);
    else states.delete(path);
    if (before && before !== state) changes.push(`${path} is ${state}`);
  }
  if (changes.length > 3) announce(`${changes.length} contexts changed their state`);
  else if (changes.length > 0) announce(changes.join(', '));
}

function showLink() {
  const words = { live: 'Live', polling: 'Every 5 s', off: 'Not connected' };
  const link = away ? 'off' : live.link;
  byId('link').dataset.link = link;
  write(byId('link-text'), words[link]);
}

function showAway(gone) {
  if (away === gone) return;
  away = gone;
  showLink();
  byId('banner').replaceChildren(...(gone ? [el('p', { className: 'banner', textContent: 'The server does not answer. What you see is what it said last; this page tries again every few seconds.' })] : []));
  if (!gone) announce('The server answers again');
}

async function begin() {
  buildNav();
  byId('theme').value = window.marinaTheme.read();
  byId('theme').addEventListener('change', () => window.marinaTheme.choose(byId('theme').value));
  byId('menu').addEventListener('click', () => openMenu(byId('menu').getAttribute('aria-expanded') !== 'true'));
  byId('nav').addEventListener('click', event => { // the link of the page that is shown changes nothing else
    if (event.target.closest('a')) openMenu(false);
  });
  byId('nav').addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    openMenu(false);
    byId('menu').focus();
  });
  byId('skip').addEventListener('click', event => { // the address names the page: it must not be replaced by #main
    event.preventDefault();
    byId('main').focus();
  });
  byId('logout').addEventListener('click', async () => {
    await logout().catch(() => {});
    forget();
    showLogin(['You are logged out.']);
  });
  addEventListener('hashchange', () => { if (me.name) show(true); });
  signals.addEventListener('over', () => {
    if (!me.name) return;
    forget();
    showLogin(['Your session has ended. Log in to go on where you were.']);
  });
  signals.addEventListener('away', () => showAway(true));
  signals.addEventListener('here', () => showAway(false));
  live.addEventListener('contexts', tell);
  live.addEventListener('link', showLink);
  live.addEventListener('status', () => showAway(false));
  showLink();
  await first();
}

/** Asks who is logged in, until the server answers. */
async function first() {
  try {
    enter(await session(), false);
  } catch (failure) {
    if (failure.status === 0) setTimeout(first, 3000);
    else showLogin(failure.status === 401 && failure.body.users !== false ? [] : failure.messages);
  }
}

addEventListener('unhandledrejection', event => {
  if (event.reason?.messages && event.reason.status !== 401) toast(event.reason.messages, true);
});
begin();
