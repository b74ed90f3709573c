// A backend that behaves, or misbehaves, as its environment says.
//   START_DELAY=ms   listens only after this time        EXIT_AT_START=n  prints a reason and ends at once
//   NEVER_LISTEN=1   runs without a port                 HANG=1           accepts and never answers
//   /slow?ms=n answers later, /block?ms=n answers later and nobody else meanwhile, /exit?status=n ends it
//   IGNORE_TERM=1    needs SIGKILL                       VERSION=text     shown by /version
//   SOCKET=path      listens there and not on PORT
const http = require('node:http');
const env = process.env;
const delay = (ms) => new Promise((done) => setTimeout(done, ms));

console.log(`starting as ${process.pid}`);
if (env.EXIT_AT_START) {
  console.error('the database is missing');
  process.exit(Number(env.EXIT_AT_START));
}
if (env.IGNORE_TERM) process.on('SIGTERM', () => console.log('SIGTERM ignored'));

async function answer(request, response) {
  const url = new URL(request.url, 'http://app');
  const action = url.pathname.split('/').pop();
  if (env.HANG) return;
  if (action === 'slow') await delay(Number(url.searchParams.get('ms')));
  if (action === 'block') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(url.searchParams.get('ms')));
  if (action === 'exit') process.exit(Number(url.searchParams.get('status')));
  if (action === 'env') return response.end(JSON.stringify(env));
  if (action === 'version') return response.end(env.VERSION ?? '');
  if (action === 'pid') return response.end(String(process.pid));
  if (action === 'events') {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    for (let i = 1; i <= 3; i++) {
      response.write(`data: ${i}\n\n`);
      await delay(50);
    }
    return response.end();
  }
  if (action === 'upload') {
    let bytes = 0;
    for await (const chunk of request) bytes += chunk.length;
    return response.end(String(bytes));
  }
  response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, pid: process.pid }));
}

// A client that leaves in the middle of its body is no reason to end.
const server = http.createServer((request, response) => answer(request, response).catch(() => response.destroy()));
server.on('upgrade', (request, socket) => {
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
  socket.pipe(socket);
});
const address = env.SOCKET ? { path: env.SOCKET } : { port: Number(env.PORT), host: '127.0.0.1' };
if (env.NEVER_LISTEN) setInterval(() => {}, 1000);
else setTimeout(() => server.listen(address, () => console.log('listening')), Number(env.START_DELAY ?? 0));
