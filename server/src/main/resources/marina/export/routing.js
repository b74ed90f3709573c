// Written by "marina.sh export cloudflare" from the configuration of Marina: export it again rather than change it here.
// It answers public files from R2, asks for a password where Marina would, and sends the rest to the machine where it belongs.
// It knows no passwords: whatever needs one comes from Marina, which verifies it.
const TABLE = /* the table */ null;

const HERE = 'marina-edge';
const NOWHERE = {};
const REFUSED = '';
const KEPT = /[\u0000-\u0020"#%/;<>?[\\\]^`{|}\u007f]/g;
const READ = new Set(['GET', 'HEAD']);
const AIMED = ['fly-prefer-region', 'fly-force-region', 'fly-prefer-instance-id', 'fly-force-instance-id'];

const contexts = new Map(Object.entries(TABLE.contexts));
const sites = TABLE.sites.map((site) => ({ ...site, files: new Map(Object.entries(site.files)) }));
const routes = TABLE.routes.map((route) => ({ ...route, pattern: new RegExp(route.match, route.flags) }));
const doors = TABLE.auth.map((door) => ({
  ...door,
  open: door.open.map((rule) => ({ ...rule, pattern: new RegExp(rule.match, rule.flags) })),
}));
const crawlers = TABLE.crawlers.map((text) => new RegExp(text, 'u'));

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    try {
      return await answer(request, url, env);
    } catch (error) {
      console.error(`${request.method} ${url.pathname}: ${error.stack ?? error}`);
      return page(502, 'Bad Gateway', 'The server could not be reached. Please try again.', { 'Retry-After': '5' });
    }
  },
};

async function answer(request, url, env) {
  if (isLoop(request, url)) {
    return page(508, 'Loop Detected', 'This address leads to itself. TABLE.origin must be that of Marina.');
  }
  if (request.method === 'TRACE' || request.method === 'CONNECT') return page(405, 'Method Not Allowed', '');
  const path = canonical(url.pathname);
  if (path === REFUSED) return page(400, 'Bad Request', 'The path could be read in two ways.');
  if (path === null || TABLE.unguarded.includes(path) || path.startsWith('/.well-known/acme-challenge/')) {
    return forward(request, url, NOWHERE);
  }
  const asked = contextOf(path);
  const door = doors[asked.auth];
  const open = door === undefined || isOpen(door, path, request);
  if (!open && door.challenge !== undefined && !hasPassword(request)) {
    return page(401, 'Unauthorized', 'A name and a password are needed.', { 'WWW-Authenticate': door.challenge });
  }
  const way = route(path, request);
  if (way.path === undefined) return forward(request, url, way.place);
  const home = contextOf(way.path);
  const mayAnswer = open && (home.auth === asked.auth || doors[home.auth] === undefined);
  return (
    turnedAway(request, home, way.path) ??
    (mayAnswer ? await answerHere(request, url, env, home, way.path) : null) ??
    forward(request, url, placeFor(home.place, request.method))
  );
}

// What Marina would answer without an application: null when it would not.
async function answerHere(request, url, env, home, path) {
  const read = READ.has(request.method);
  const front = read ? await fromSite(request, url, env, TABLE.site, TABLE.outside, path) : null;
  if (front !== null) return front;
  if (home.path === path && home.path !== '/' && !home.closed && !request.headers.has('upgrade')) {
    return redirect(request, read ? 302 : 307, encode(path) + '/', url.search, home);
  }
  for (const number of read ? (home.sites ?? []) : []) {
    const found = home.closed && number === home.content ? null : await fromSite(request, url, env, number, home, path);
    if (found !== null) return found;
  }
  return null;
}

// The one path that a request is judged by, as Marina has it: decoded, but for what would then mean something else. Null for what
// only Marina can read, REFUSED for what it refuses: a path that could be read in two ways.
function canonical(pathname) {
  if (/\/;[^/]*\//.test(pathname) || (pathname.includes('/;') && pathname.includes('//'))) return REFUSED;
  const bare = pathname.replace(/;[^/]*/g, '').replace(/\/{2,}/g, '/');
  let path;
  try {
    path = bare.replace(/(?:%[0-9a-f]{2})+/gi, (run) => decodeURIComponent(run).replace(KEPT, escaped));
  } catch {
    return null;
  }
  let text = path;
  for (let round = 0; round < 4; round++) {
    if (/[\u0000-\u001f\u007f]/.test(text) || /(?:^|[/\\])\.{1,2}(?=[/\\;]|$)/.test(text)) return REFUSED;
    const decoded = text.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
    if (decoded === text) return path;
    text = decoded;
  }
  return REFUSED;
}

function escaped(character) {
  return '%' + character.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase();
}

function encode(path) {
  return path.replace(/[^\x21-\x7e]|["#<>?[\\\]^`{|}]/gu, encodeURIComponent);
}

function contextOf(path) {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    const found = contexts.get(path.slice(0, end));
    if (found !== undefined) return { ...found, path: path.slice(0, end) };
  }
  const root = contexts.get('/');
  return root === undefined ? TABLE.outside : { ...root, path: '/' };
}

function isOpen(door, path, request) {
  return door.open.some((rule) => (!rule.file || READ.has(request.method)) && rule.pattern.test(path));
}

function hasPassword(request) {
  return /^basic +\S/i.test(request.headers.get('authorization') ?? '');
}

function isCrawler(request) {
  const agent = (request.headers.get('user-agent') ?? '').slice(0, 512);
  return crawlers.some((pattern) => pattern.test(agent));
}

function turnedAway(request, home, path) {
  if (home.bots === undefined || request.headers.has('authorization') || request.headers.has('cookie')) return null;
  const file = READ.has(request.method) && [TABLE.site, ...(home.sites ?? [])].some((n) => find(sites[n], path)?.file);
  if (file && (home.bots === 'public_only' || path === '/robots.txt')) return null;
  return isCrawler(request) ? page(403, 'Forbidden', 'This is not for crawlers.', {}) : null;
}

// Where the routes lead: { path } to go on with, or { place } of the server that knows what to do.
function route(path, request) {
  const method = request.method;
  let rest = path;
  for (const one of routes) {
    const below = relative(rest);
    if (below === null || (one.methods.length > 0 && !one.methods.includes(method))) continue;
    const groups = one.pattern.exec(below);
    if (groups === null) continue;
    if (one.rewrite === undefined) return { place: one.place ?? NOWHERE };
    rest = rewritten(one.rewrite, groups);
    if (rest === null || rest === REFUSED) return { place: NOWHERE }; // Marina says why not
  }
  return { path: rest };
}

function relative(path) {
  if (TABLE.base === '') return path;
  if (!path.startsWith(TABLE.base)) return null;
  const rest = path.slice(TABLE.base.length);
  return rest === '' ? '/' : rest.startsWith('/') ? rest : null;
}

// Literals and numbers of groups in turn.
function rewritten(parts, groups) {
  let text = '';
  for (const part of parts) {
    if (typeof part === 'string') {
      text += part;
    } else {
      const group = groups[part] ?? '';
      text += encode(text.endsWith('/') && group.startsWith('/') ? group.slice(1) : group);
    }
  }
  const target = TABLE.base + text.replace(/^\/+(?=\/)/, '').replace(/\?.*$/s, '');
  return /(^|\/)\.{1,2}(\/|;|$)/.test(target) ? REFUSED : canonical(target);
}

function placeFor(place, method) {
  if (place === undefined) return NOWHERE;
  return place.primary === undefined || READ.has(method) ? place : { ...place, regions: place.primary };
}

function isLoop(request, url) {
  const origin = new URL(TABLE.origin);
  return (origin.host === url.host && origin.protocol === url.protocol)
    || (request.headers.get('via') ?? '').split(',').some((hop) => hop.trim().split(' ')[1] === HERE);
}

async function forward(request, url, place) {
  const origin = new URL(place.origin ?? TABLE.origin);
  const target = new URL(url);
  target.protocol = origin.protocol;
  target.hostname = origin.hostname;
  target.port = origin.port;
  const sent = new Request(new Request(target, request), { redirect: 'manual' });
  AIMED.forEach((name) => sent.headers.delete(name)); // clients do not aim
  if (place.regions !== undefined) sent.headers.set('fly-prefer-region', place.regions);
  if (place.instance !== undefined) {
    sent.headers.set(place.regions === undefined ? 'fly-force-instance-id' : 'fly-prefer-instance-id', place.instance);
  }
  sent.headers.set('x-forwarded-host', url.host);
  sent.headers.set('x-forwarded-proto', url.protocol.slice(0, -1));
  const via = request.headers.get('via');
  sent.headers.set('via', (via === null ? '' : via + ', ') + '1.1 ' + HERE);
  const response = await fetch(sent);
  const location = response.headers.get('location');
  if (location === null || response.status === 101) return response;
  let leads;
  try {
    leads = new URL(location);
  } catch {
    return response; // a path
  }
  if (leads.host !== origin.host) return response;
  leads.protocol = url.protocol;
  leads.hostname = url.hostname;
  leads.port = url.port;
  const mended = new Response(response.body, response);
  mended.headers.set('location', leads.href);
  return mended;
}
