import React, { useId } from 'react';

export function Panel({ title, children }) {
    const id = useId();
    return React.createElement('section', { 'aria-labelledby': id === '' ? undefined : 'panel' }, React.createElement('h1', null, title), children);
}
