import { hashKey, InfiniteQueryObserver, MutationObserver, QueryCache, QueryClient, QueryObserver } from '@tanstack/query-core';

const cache = new QueryCache({ onError: (error) => console.log('cache', error.message) });
const client = new QueryClient({ queryCache: cache, defaultOptions: { queries: { retry: false } } });
let calls = 0;
const observer = new QueryObserver(client, { queryKey: ['a', { x: 1 }], queryFn: async () => ++calls });
const stop = observer.subscribe((result) => console.log(result.status, result.fetchStatus, result.data));
await observer.refetch();
await client.invalidateQueries({ queryKey: ['a'] });
stop();
console.log(hashKey([{ b: 1, a: 2 }]), await client.fetchQuery({ queryKey: ['b'], queryFn: () => Promise.reject(new Error('bad')) }).catch((error) => error.message));
console.log(await new MutationObserver(client, { mutationFn: async (x) => x + 1 }).mutate(1), typeof InfiniteQueryObserver);
client.clear();
