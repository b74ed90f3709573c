function within(site, path) {
  if (path.includes('\\') || /%(2F|5C)/.test(path)) return null;
  const leads = path.startsWith(site.prefix) && (path.length === site.prefix.length || path[site.prefix.length] === '/');
  const below = decodeURIComponent(leads ? path.slice(site.prefix.length) : path);
  return below === '' || below.includes('//') || /\/\.(?!well-known\/)/.test(below) ? null : below;
}

// { file } or { redirect }, else null: the rules of try_files and trailing_slash. Of a file: hash, bytes, time, 1 = by other names only.
function find(site, path) {
  const below = site === undefined ? null : within(site, path);
  if (below === null) return null;
  if (below.endsWith('/')) return named(site.names.map((name) => below + name), site, below);
  const exact = site.files.get(below);
  if (exact !== undefined && exact[3] !== 1) return { name: below, file: exact, below };
  if (site.slash && site.names.some((name) => site.files.has(below + '/' + name))) return { redirect: true };
  const bare = !below.slice(below.lastIndexOf('/')).includes('.');
  return bare ? named(site.suffixes.map((suffix) => below + suffix), site, below) : null;
}

function named(names, site, below) {
  const name = names.find((one) => site.files.has(one));
  return name === undefined ? null : { name, file: site.files.get(name), below };
}

async function fromSite(request, url, env, number, home, path) {
  const site = sites[number];
  const found = find(site, path);
  if (found === null) return null;
  if (found.redirect) return redirect(request, 301, encode(path) + '/', url.search, home);
  const [hash, size, modified] = found.file;
  const base = found.name.slice(found.name.lastIndexOf('/') + 1);
  const headers = new Headers({
    ETag: `"${hash}"`,
    'Last-Modified': new Date(modified * 1000).toUTCString(),
    'Cache-Control': cacheControl(site, path, found.below),
    'Accept-Ranges': 'bytes',
  });
  const status = condition(request.headers, hash, modified);
  if (status !== 200) return mark(request, url, home, new Response(null, { status, headers }));
  const type = TABLE.types[base.slice(base.lastIndexOf('.') + 1).toLowerCase()];
  if (type !== undefined && base.includes('.')) headers.set('Content-Type', type);
  const range = rangeOf(request, hash, modified, size);
  if (range === 'none') {
    headers.set('Content-Range', `bytes */${size}`);
    return mark(request, url, home, new Response(null, { status: 416, headers }));
  }
  if (range !== null) headers.set('Content-Range', `bytes ${range.offset}-${range.offset + range.length - 1}/${size}`);
  const length = range === null ? size : range.length;
  headers.set('Content-Length', String(length));
  const partial = range === null ? 200 : 206;
  if (request.method === 'HEAD') return mark(request, url, home, new Response(null, { status: 200, headers }));
  const object = await env.BUCKET.get(hash + '/' + base, range === null ? {} : { range });
  if (object === null) return null; // not uploaded yet: Marina has it
  const body = object.body.pipeThrough(new FixedLengthStream(length));
  return mark(request, url, home, new Response(body, { status: partial, headers }));
}

function cacheControl(site, path, below) {
  const rule = site.cache.find(([prefix]) => path.startsWith(prefix) || below.startsWith(prefix));
  return rule === undefined ? 'public, max-age=0, must-revalidate' : rule[1];
}

// RFC 9110, section 13.2.2.
function condition(fields, hash, modified) {
  const match = fields.get('if-match');
  const before = Date.parse(fields.get('if-unmodified-since') ?? '');
  if (match !== null ? !lists(match, hash, false) : modified * 1000 > before) return 412;
  const noneMatch = fields.get('if-none-match');
  const since = Date.parse(fields.get('if-modified-since') ?? '');
  return (noneMatch !== null ? lists(noneMatch, hash, true) : modified * 1000 <= since) ? 304 : 200;
}

function lists(field, hash, weak) {
  if (field.trim() === '*') return true;
  return field.split(',').some((one) => {
    const tag = one.trim();
    return tag === `"${hash}"` || (weak && tag === `W/"${hash}"`);
  });
}

// RFC 9110, section 14.2: null for the whole, 'none' for what is not there. Of several ranges the whole is as good an answer.
function rangeOf(request, hash, modified, size) {
  const field = request.method === 'GET' ? request.headers.get('range') : null;
  const unless = request.headers.get('if-range');
  if (unless !== null && unless !== `"${hash}"` && Date.parse(unless) !== modified * 1000) return null;
  const parts = /^bytes=\s*(\d*)-(\d*)\s*$/.exec(field ?? '');
  if (parts === null || parts[1] + parts[2] === '') return null;
  const [first, last] = [Number(parts[1]), Number(parts[2])];
  if (parts[1] === '') {
    const length = Math.min(last, size);
    return length === 0 ? 'none' : { offset: size - length, length };
  }
  if (parts[2] !== '' && last < first) return null;
  if (first >= size) return 'none';
  return { offset: first, length: (parts[2] === '' ? size : Math.min(last + 1, size)) - first };
}

function redirect(request, status, path, search, home) {
  const url = new URL(request.url);
  return mark(request, url, home, new Response(null, { status, headers: { Location: path + search } }));
}

// What the operator sets in answers; Marina does so in its own.
function mark(request, url, home, response) {
  const values = { host: url.host, scheme: url.protocol.slice(0, -1), remote_addr: request.headers.get('cf-connecting-ip') ?? '' };
  for (const [name, parts] of [...TABLE.fields, ...(home.fields ?? [])]) {
    const text = parts.map((part) => (typeof part === 'string' ? part : values[part.name])).join('');
    if (text === '') response.headers.delete(name);
    else response.headers.set(name, text);
  }
  if (TABLE.hsts !== undefined && url.protocol === 'https:') response.headers.set('Strict-Transport-Security', TABLE.hsts);
  return response;
}

function page(status, title, text, headers = {}) {
  const body = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>${status} ${title}</title></head>`
    + `<body><h1>${title}</h1><p>${text}</p></body></html>\n`;
  return new Response(body, { status, headers: { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store', ...headers } });
}
