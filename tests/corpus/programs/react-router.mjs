import { createElement as h } from 'react';
import { renderToString } from 'react-dom/server';
import { createStaticHandler, createStaticRouter, Link, matchPath, Outlet, StaticRouterProvider, useLoaderData, useParams } from 'react-router';

function User() { return h('p', null, `${useParams().id} ${useLoaderData()}`); }
const routes = [{ path: '/', element: h('main', null, h(Link, { to: 'user/1' }, 'one'), h(Outlet)), children: [{ path: 'user/:id', loader: async ({ params }) => `loaded ${params.id}`, element: h(User) }] }];
const handler = createStaticHandler(routes);
const context = await handler.query(new Request('http://x.test/user/7'));
console.log(renderToString(h(StaticRouterProvider, { router: createStaticRouter(handler.dataRoutes, context), context, hydrate: false })));
console.log(JSON.stringify(matchPath('/a/:b/*', '/a/1/2/3').params));
