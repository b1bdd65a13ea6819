import axios, { AxiosError, AxiosHeaders, isAxiosError } from 'axios';

const client = axios.create({
    baseURL: 'http://example.test/api',
    params: { q: ['a', 'b'] },
    adapter: async (config) => {
        if (config.url === '/bad') throw new AxiosError('bad', 'ERR_X', config);
        return { data: JSON.stringify({ uri: axios.getUri(config), sent: config.data, type: config.headers.getContentType() }), status: 200, statusText: 'OK', headers: new AxiosHeaders({ 'x-a': '1' }), config };
    }
});
client.interceptors.request.use((config) => ({ ...config, headers: config.headers.set('x-b', '2') }));
const { data, headers } = await client.post('/things', { a: 1 });
console.log(data, headers.get('X-A'));
await client.get('/bad').catch((error) => console.log(isAxiosError(error), error.code, error.toJSON().message));
console.log(axios.isCancel(new axios.CanceledError()), axios.VERSION, Object.keys(axios.defaults.headers));
