// An application that misbehaves when it is asked to. Answers carry its VERSION, so that a client sees who answered.
//   /run?script=…   runs a shell script that shares its output, and answers when that ends
//   /slow?ms=n      answers after n ms
//   /upload         tells how many bytes it got  /download?lines=n  sends its VERSION n times
//   /silence        closes its standard output and error
//   /eat?mb=n       keeps n MB of memory more
//   an upgrade gets its VERSION as a line, then an echo; 403 at /refuse
//   /pid            its process id              anything else: its VERSION
// SLOW_END=file    at SIGTERM takes half a second more and writes that file
// DAEMON=file       starts a process that forks twice, so that init adopts it, and writes its id there
const http = require('node:http');
const fs = require('node:fs');
const { spawn, spawnSync } = require('node:child_process');
const eaten = [];

function answer(request, response) {
  const url = new URL(request.url, 'http://app');
  const version = process.env.VERSION ?? '';
  const respond = (text) => response.end(text ?? version);
  switch (url.pathname.split('/').pop()) {
    case 'run':
      return spawn('sh', ['-c', url.searchParams.get('script')], { stdio: ['ignore', 'inherit', 'inherit'] })
        .on('exit', (status) => respond(`ended with ${status}`));
    case 'slow':
      return setTimeout(respond, Number(url.searchParams.get('ms')), version);
    case 'upload': {
      let bytes = 0;
      return request.on('data', (chunk) => { bytes += chunk.length; }).on('end', () => respond(`${version} ${bytes}`));
    }
    case 'download':
      return response.end(`${version}\n`.repeat(Number(url.searchParams.get('lines'))));
    case 'silence':
      fs.closeSync(1);
      fs.closeSync(2);
      return respond();
    case 'eat':
      for (let i = 0; i < url.searchParams.get('mb'); i++) eaten.push(Buffer.alloc(1 << 20, 1));
      return respond();
    case 'pid':
      return respond(String(process.pid));
    default:
      return respond();
  }
}

if (process.env.SLOW_END) {
  process.on('SIGTERM', () => setTimeout(() => {
    fs.writeFileSync(process.env.SLOW_END, 'finished');
    process.exit(0);
  }, 500));
}
if (process.env.DAEMON) {
  const daemon = `(sh -c 'echo $$ > "$DAEMON"; exec sleep 600' &) &`;
  spawnSync('sh', ['-c', daemon], { stdio: ['ignore', 'inherit', 'inherit'] });
}
const server = http.createServer(answer);
server.on('upgrade', (request, socket) => { // tells its VERSION, then echoes
  socket.on('error', () => {});
  if (request.url.endsWith('/refuse')) return socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno');
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n${process.env.VERSION}\n`);
  socket.pipe(socket);
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listening'));
