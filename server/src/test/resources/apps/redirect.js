// Redirects to what stands in the query.
const http = require('node:http');
http
  .createServer((request, response) => {
    const to = request.url.slice(request.url.indexOf('?') + 1);
    response.writeHead(302, { Location: to.includes('/') ? to : '/' }).end();
  })
  .listen(Number(process.env.PORT), '127.0.0.1');
