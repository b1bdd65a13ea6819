// platforms: node; sockets.
import { once } from 'node:events';
import WebSocket, { createWebSocketStream, WebSocketServer } from 'ws';

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: true });
server.on('connection', (socket) => socket.on('message', (data, isBinary) => socket.send(isBinary ? data : `echo ${data}`, { binary: isBinary })));
await once(server, 'listening');
const client = new WebSocket(`ws://127.0.0.1:${server.address().port}`);
await once(client, 'open');
client.send('x'.repeat(2000));
console.log(String((await once(client, 'message'))[0]).length);
client.send(new Uint8Array([1, 2, 3]));
console.log([...(await once(client, 'message'))[0]], client.extensions, WebSocket.OPEN, typeof createWebSocketStream);
client.close();
await once(client, 'close');
server.close();
