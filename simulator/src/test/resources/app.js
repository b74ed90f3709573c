// What runs in the machines of the tests. It tells what it got, as JSON. The field x-plan, JSON by machine id, makes a machine
// answer something else: {"m1": {"status": 307, "headers": {"fly-replay": "region=nrt"}, "body": "", "early": true}}.
'use strict';
const http = require('node:http');
const crypto = require('node:crypto');
const fs = require('node:fs');

const me = process.env.FLY_MACHINE_ID;
const plans = request => (request.headers['x-plan'] ? JSON.parse(request.headers['x-plan']) : {});
const plan = request => (request.headers['fly-replay-failed'] ? undefined : plans(request)[me]);
const describe = request => ({
  machine: me, pid: process.pid, app: process.env.FLY_APP_NAME, region: process.env.FLY_REGION, env: process.env,
  method: request.method, path: request.url, headers: request.headers,
});

const server = http.createServer((request, response) => {
  const mine = plan(request);
  const always = plans(request)[me + '!'];
  const hash = crypto.createHash('sha256');
  let length = 0;
  if (mine && mine.early) {
    answer();
    return;
  }
  request.on('data', chunk => { length += chunk.length; hash.update(chunk); });
  request.on('end', answer);

  function answer() {
    const chosen = always || mine;
    if (chosen) {
      response.writeHead(chosen.status || 307, chosen.headers || {});
      response.end(chosen.body || '');
    } else if (request.url.startsWith('/never')) {
      fs.writeFileSync(process.env.ASKED || '/dev/null', me);
    } else if (request.url.startsWith('/stream')) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: first\n\n');
    } else if (request.url.startsWith('/half')) {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('half', () => response.destroy());
    } else {
      const text = JSON.stringify({ ...describe(request), length, sha256: hash.digest('hex') });
      response.writeHead(200, { 'content-type': 'application/json', server: 'app', 'x-machine': me });
      response.end(text);
    }
  }
});

server.on('upgrade', (request, socket, head) => {
  const mine = plan(request);
  socket.on('error', () => socket.destroy());
  if (mine) {
    const fields = Object.entries(mine.headers).map(([name, value]) => `${name}: ${value}\r\n`).join('');
    socket.end(`HTTP/1.1 307 x\r\n${fields}Content-Length: 0\r\nConnection: close\r\n\r\n`);
    return;
  }
  const accept = crypto.createHash('sha1')
    .update(request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64');
  socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
    + `Sec-WebSocket-Accept: ${accept}\r\n\r\n`);
  const say = text => socket.write(Buffer.concat([Buffer.from([0x81, text.length]), Buffer.from(text)]));
  say('hello from ' + me);
  let pending = head;
  socket.on('data', data => {
    pending = Buffer.concat([pending, data]);
    while (pending.length >= 6 && pending.length >= 6 + (pending[1] & 0x7f)) { // short frames only
      const length = pending[1] & 0x7f;
      const bytes = pending.subarray(6, 6 + length).map((byte, i) => byte ^ pending[2 + (i % 4)]);
      if ((pending[0] & 0x0f) === 8) {
        socket.end(Buffer.from([0x88, 0]));
      } else {
        say(me + ': ' + Buffer.from(bytes).toString());
      }
      pending = pending.subarray(6 + length);
    }
  });
  socket.on('end', () => socket.end());
});

process.on('SIGINT', () => {
  fs.appendFileSync('signals-' + me, 'SIGINT\n');
  if (!process.env.STUBBORN) process.exit(0);
});
process.on('SIGTERM', () => fs.appendFileSync('signals-' + me, 'SIGTERM\n'));
setTimeout(() => server.listen(Number(process.env.PORT), process.env.FLEET_ADDRESS), Number(process.env.BOOT_MS || 0));
