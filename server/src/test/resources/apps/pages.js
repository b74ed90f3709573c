// Pages of all kinds; each tells how often it has been asked for.
const http = require('node:http');
const asked = new Map();

// What the page "look" refers to, and "ugly" beside it.
const look = `<!DOCTYPE html><html><head><link rel="stylesheet" href="assets/base.css?v=1&amp;x=2"><link rel=icon href=/shop/assets/icon.svg>
<script type="module" src="assets/game.js"></script><style>h1 { background: url(assets/head.png) }</style></head><body>
<!-- <img src="assets/gone.png"> --><img src="assets/small.png" srcset="assets/small.png 1x, assets/large.png 2x">
<a href="/shop/other">other</a> <img src="http://other.invalid/far.png"> <script src="//cdn.invalid/far.js"></script>
<img src="data:image/png;base64,AAAA"> <script>document.write('<img src="assets/gone.png">')</script></body></html>`;
const ugly = ['private.css', 'login.css', 'gone.css', 'nothing', 'two.css?v=1', 'two.css?v=2', 'bad%.css']
  .map((name) => `<link rel=stylesheet href="assets/${name}">`).join('');
const assets = {
  'base.css': ['text/css', '@import "more.css"; body { background: url(back.png) } /* url(gone.png) */'],
  'more.css': ['text/css; charset=UTF-8', "@font-face { src: url('font.woff2') format('woff2') }"],
  'two.css': ['text/css', ''],
  'private.css': ['text/css', ''],
  'login.css': ['text/html; charset=utf-8', '<form>'],
  'icon.svg': ['image/svg+xml', '<svg/>'],
  'font.woff2': ['application/font-woff2', 'font'],
  'game.js': ['application/javascript', "import { sea } from './arena.js';\nimport('./late.js').then(() => sea);"],
  'arena.js': ['text/javascript; charset=utf-8', "export const sea = 'from here';"],
  'late.js': ['text/javascript', ''],
};
for (const name of ['back', 'head', 'small', 'large']) assets[`${name}.png`] = ['image/png', name];

const server = http.createServer((request, response) => {
  const path = new URL(request.url, 'http://app').pathname;
  asked.set(path, (asked.get(path) ?? 0) + 1);
  const kind = path.split('/').pop();
  const asset = path.startsWith('/shop/assets/') ? assets[path.slice('/shop/assets/'.length)] : undefined;
  if (asset !== undefined) {
    const caching = path.endsWith('private.css') ? { 'Cache-Control': 'private' } : {};
    return response.writeHead(200, { 'Content-Type': asset[0], ...caching }).end(asset[1]);
  }
  if (path.startsWith('/shop/endless/')) {
    const n = Number(/\d+/.exec(path)[0]);
    return response.writeHead(200, { 'Content-Type': 'text/css' }).end(`@import "${n + 1}.css"; @import "${n * 2 + 7}.css";`);
  }
  const headers = { 'Content-Type': 'text/html; charset=utf-8' };
  if (kind === 'private') headers['Cache-Control'] = 'private, max-age=60';
  if (kind === 'cookie') headers['Set-Cookie'] = 'session=1; Path=/';
  if (kind === 'json') headers['Content-Type'] = 'application/json';
  if (kind === 'latin') headers['Content-Type'] = 'text/html; charset=iso-8859-1';
  if (kind === 'moved') return response.writeHead(302, { Location: '/shop/there' }).end();
  if (kind === 'broken') return response.writeHead(500, headers).end('broken');
  if (kind === 'big') return response.writeHead(200, headers).end('x'.repeat(11 << 20));
  if (kind === 'starting' && asked.get(path) < 3) {
    return response.writeHead(503, { ...headers, 'Retry-After': '1' }).end('wait');
  }
  if (path.startsWith('/shop/assets/')) return response.writeHead(404, headers).end('none');
  if (kind === 'look') return response.writeHead(200, headers).end(look);
  if (kind === 'endless') return response.writeHead(200, headers).end('<link rel=stylesheet href="/shop/endless/1.css">');
  if (kind === 'ugly') return response.writeHead(200, headers).end(ugly);
  response.writeHead(200, headers).end(`<p>Grüße from ${path}, ${asked.get(path)}</p>`);
});
server.listen(Number(process.env.PORT), '127.0.0.1');
