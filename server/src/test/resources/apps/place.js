// An application that says where it runs: REGION and MACHINE, what it was asked, and a digest of the body that it got.
// It listens at FLEET_ADDRESS when it is all that a machine of the simulator runs, else at PORT as Marina says. A WebSocket gets the same two words as its first message. ?ms=n makes it take its time.
const http = require('node:http');
const { createHash } = require('node:crypto');
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const { REGION, MACHINE, PORT, FLEET_ADDRESS } = process.env;

async function answer(request, response) {
  const url = new URL(request.url, 'http://app');
  const digest = createHash('sha256');
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    digest.update(chunk);
  }
  await new Promise((done) => setTimeout(done, Number(url.searchParams.get('ms') ?? 0)));
  response.end(JSON.stringify({
    region: REGION, machine: MACHINE, asked: `${request.method} ${request.url}`, bytes, sha256: digest.digest('hex') }));
}

const server = http.createServer((request, response) => answer(request, response).catch(() => response.destroy()));
server.on('upgrade', (request, socket) => {
  const accept = createHash('sha1').update(request.headers['sec-websocket-key'] + GUID).digest('base64');
  const text = Buffer.from(`${REGION} ${MACHINE}`);
  socket.on('error', () => {});
  socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
    + `Sec-WebSocket-Accept: ${accept}\r\n\r\n`);
  socket.write(Buffer.concat([Buffer.from([0x81, text.length]), text]));
});
server.listen(Number(PORT), FLEET_ADDRESS && !process.env.MARINA_PROCESS ? FLEET_ADDRESS : '127.0.0.1');
