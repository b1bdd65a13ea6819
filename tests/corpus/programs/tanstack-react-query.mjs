import { createElement as h } from 'react';
import { renderToString } from 'react-dom/server';
import { dehydrate, HydrationBoundary, QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';

const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, gcTime: Infinity } } });
await client.prefetchQuery({ queryKey: ['user', 1], queryFn: async () => ({ name: 'Ann' }) });
function User() {
    const { data, status } = useQuery({ queryKey: ['user', 1], queryFn: () => null });
    return h('p', null, `${status} ${data?.name}`);
}
console.log(renderToString(h(QueryClientProvider, { client }, h(HydrationBoundary, { state: dehydrate(client) }, h(User)))));
client.clear();
