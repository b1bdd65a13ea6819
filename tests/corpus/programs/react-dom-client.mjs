import * as React from 'react';
import * as ReactDOM from 'react-dom';
import * as client from 'react-dom/client';
import { jsx } from 'react/jsx-runtime';

console.log(React.version === ReactDOM.version, client.version);
console.log(Object.keys(client).sort().join());
console.log(Object.keys(React).filter((name) => /^use/.test(name)).sort().join());
console.log(jsx('p', { children: 'x' }, 'k').key, React.Children.count([1, [2, 3]]), React.isValidElement(jsx('p', {})));
console.log(ReactDOM.createPortal.length, typeof ReactDOM.flushSync);
try {
    client.createRoot(null);
} catch (error) {
    console.log(error.message.slice(0, 60));
}
