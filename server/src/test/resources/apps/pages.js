// Pages of all kinds; each tells how often it has been asked for.
const http = require('node:http');
const asked = new Map();
const server = http.createServer((request, response) => {
  const path = new URL(request.url, 'http://app').pathname;
  asked.set(path, (asked.get(path) ?? 0) + 1);
  const kind = path.split('/').pop();
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
  response.writeHead(200, headers).end(`<p>Grüße from ${path}, ${asked.get(path)}</p>`);
});
server.listen(Number(process.env.PORT), '127.0.0.1');
