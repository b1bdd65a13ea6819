// platforms: node; a server.
import Fastify from 'fastify';

const app = Fastify({ logger: false });
app.decorateRequest('who', null);
app.addHook('onRequest', async (request) => { request.who = request.headers['x-who'] ?? 'nobody'; });
app.get('/hi/:id', { schema: { params: { type: 'object', properties: { id: { type: 'integer' } } }, response: { 200: { type: 'object', properties: { id: { type: 'integer' }, who: { type: 'string' } } } } } }, async (request) => ({ id: request.params.id, who: request.who, hidden: 1 }));
app.register(async (scope) => scope.post('/', { schema: { body: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } } } }, async (request, reply) => reply.code(201).send(request.body)), { prefix: '/things' });
const show = async (options) => { const response = await app.inject(options); console.log(response.statusCode, response.headers['content-type'], response.body); };
await show({ url: '/hi/3', headers: { 'x-who': 'me' } });
await show({ url: '/hi/x' });
await show({ method: 'POST', url: '/things', payload: { name: 'n' } });
await show({ method: 'POST', url: '/things', payload: {} });
await show({ url: '/none' });
await app.close();
