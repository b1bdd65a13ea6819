import { createContext, createElement, useContext, useMemo, useState, version } from 'react';
import { renderToString } from 'react-dom/server.edge';
import { Panel } from './panel.js';

export const Theme = createContext('light');

function Page() {
    const [count] = useState(41);
    const next = useMemo(() => count + 1, [count]);
    return createElement('p', { className: useContext(Theme) }, 'The answer is ', next);
}

const page = createElement(Theme.Provider, { value: 'dark' }, createElement(Panel, { title: 'Hi' }, createElement(Page)));
log(version.split('.')[0], renderToString(page));
