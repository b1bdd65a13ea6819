// platforms: node; asks a server.
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import axios from 'axios';

const server = createServer((request, response) => {
    if (request.url === '/old') return response.writeHead(302, { location: '/new' }).end();
    response.setHeader('content-encoding', 'gzip');
    response.end(gzipSync(JSON.stringify({ url: request.url, method: request.method })));
}).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const base = `http://127.0.0.1:${server.address().port}`;
console.log((await axios.get(`${base}/old`)).data);
const form = new FormData();
form.append('a', 'b');
console.log((await axios.put(`${base}/form`, form)).data);
server.close();
