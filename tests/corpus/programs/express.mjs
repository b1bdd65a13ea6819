// platforms: node; a server.
import express from 'express';

const app = express();
app.use(express.json());
app.use(express.urlencoded({ extended: true }));
app.get('/user/:id', (request, response) => response.json({ id: request.params.id, q: request.query, ip: request.ip.length > 0 }));
const router = express.Router();
router.post('/', (request, response) => response.status(201).cookie('a', 'b').send(`<p>${request.body.name}</p>`));
app.use('/things', router);
app.use((error, _request, response, _next) => response.status(500).type('text').send(error.message));
app.get('/bad', () => { throw new Error('bad'); });
app.use((error, _request, response, _next) => response.status(500).type('text').send(error.message));
const server = app.listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const base = `http://127.0.0.1:${server.address().port}`;
const show = async (path, options) => { const response = await fetch(base + path, options); console.log(response.status, response.headers.get('content-type'), response.headers.get('etag'), response.headers.get('set-cookie'), await response.text()); };
await show('/user/7?a[b]=c');
await show('/things', { method: 'POST', body: JSON.stringify({ name: 'x' }), headers: { 'content-type': 'application/json' } });
await show('/things', { method: 'POST', body: 'name=y', headers: { 'content-type': 'application/x-www-form-urlencoded' } });
await show('/bad');
await show('/none');
server.close();
server.closeAllConnections();
