// Stands in for a Rails application that serves one tenant: says whose data it has and what it was asked.
//   /up is ready; /events sends a piece, and another one after /go; /slow?ms=n answers later; /exit ends it; /refuse takes no upgrade;
//   /drop ends the connection without an answer; /status?code=n and /size?bytes=n,m answer so; /asked lists the methods of the former two; TERM_FILE is written at SIGTERM
const http = require('node:http');
const env = process.env;
if (env.TERM_FILE) {
  process.on('SIGTERM', () => {
    require('node:fs').writeFileSync(env.TERM_FILE, 'at rest');
    process.exit(0);
  });
}
let go = () => {};
const asked = [];
const delay = (ms) => new Promise((done) => setTimeout(done, ms));

http.createServer(async (request, response) => {
  const url = new URL(request.url, 'http://app');
  if (url.pathname === '/up') return response.writeHead(env.UP ?? 200).end('up');
  const action = url.pathname.split('/').pop();
  if (action === 'exit') process.exit(3);
  if (action === 'slow') await delay(Number(url.searchParams.get('ms')));
  if (action === 'go') go();
  if (action === 'drop' || action === 'status') asked.push(request.method);
  if (action === 'drop') return request.socket.destroy();
  if (action === 'status') return response.writeHead(Number(url.searchParams.get('code'))).end('so');
  if (action === 'asked') return response.end(asked.join(' '));
  if (action === 'size') {
    for (const bytes of url.searchParams.get('bytes').split(',')) response.write('x'.repeat(Number(bytes)));
    return response.end();
  }
  if (action === 'env') return response.end(JSON.stringify(env));
  if (action === 'events') {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write('data: 1\n\n');
    await new Promise((done) => { go = done; });
    return response.end('data: 2\n\n');
  }
  let bytes = 0;
  for await (const chunk of request) bytes += chunk.length;
  const { headers } = request;
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify({
    database: env.RAILS_APP_DB, owner: env.RAILS_APP_OWNER, url: env.DATABASE_URL, pid: env.SHOW_PID && process.pid, directory: process.cwd(),
    method: request.method, path: request.url, bytes,
    user: headers['remote-user'], claimed: headers['x-forwarded-user'], proto: headers['x-forwarded-proto'],
    client: headers['x-forwarded-for'], host: headers['x-forwarded-host'], id: headers['x-request-id'],
  }));
}).on('upgrade', (request, socket) => {
  if (request.url.endsWith('/refuse')) return socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
  socket.pipe(socket);
}).listen({ port: Number(env.PORT), host: '127.0.0.1' });
