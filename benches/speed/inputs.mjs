/** What is bundled: programs made from installed packages, each with the answer that its bundle must print. */

import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * @typedef {object} Input
 * @property {string} says What it is.
 * @property {string} entry Below the folder of the input.
 * @property {(directory: string, packages: string) => void} make Writes the sources.
 */

/** @param {string} path @param {string} text */
function write(path, text) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
}

/** Packages are found where they are installed, as in a project. */
function linkPackages(/** @type {string} */ directory, /** @type {string} */ packages) {
    const link = join(directory, 'node_modules');
    if (!existsSync(link)) symlinkSync(packages, link);
}

/** An icon in every component but each tenth, and a tree of components three wide. */
function reactApplication(/** @type {number} */ count) {
    return (/** @type {string} */ directory, /** @type {string} */ packages) => {
        linkPackages(directory, packages);
        const icons = readdirSync(join(packages, '@mui/icons-material/esm'))
            .filter((name) => /^[A-Z].*\.js$/.test(name))
            .sort();
        for (let n = 0; n < count; n++) {
            const children = [1, 2, 3].map((k) => 3 * n + k).filter((k) => k < count);
            const icon = n % 10 === 9 ? undefined : icons[n % icons.length];
            const imports = children.map((k) => `import { Component${k} } from '${place(n, k)}';`);
            if (icon) imports.push(`import Icon from '@mui/icons-material/esm/${icon}';`);
            write(
                join(directory, 'src', folder(n), `Component${n}.tsx`),
                `import { useCallback, useMemo, useState, type ReactNode } from 'react';
${imports.join('\n')}

export interface Component${n}Props {
    title?: string;
    children?: ReactNode;
}

const LABELS: Record<string, string> = { open: 'Open ${n}', closed: 'Closed ${n}' };

/** Shows the part ${n} of the page. */
export function Component${n}({ title = 'Part ${n}', children }: Component${n}Props) {
    const [isOpen, setOpen] = useState<boolean>(${n % 2 === 0});
    const toggle = useCallback(() => setOpen((before) => !before), []);
    const items = useMemo(() => Array.from({ length: ${n % 5} }, (_, index) => ({ id: index, text: \`\${title} \${index}\` })), [title]);
    return (
        <section className="part-${n}" data-open={isOpen}>
            <h2 onClick={toggle}>{${icon ? '<Icon fontSize="small" />' : 'null'}}{title}: {isOpen ? LABELS.open : LABELS.closed}</h2>
            <ul>{items.map((item) => <li key={item.id}>{item.text}</li>)}</ul>
            ${children.map((k) => `<Component${k} />`).join('\n            ')}
            {children}
        </section>
    );
}
`
            );
        }
        write(
            join(directory, 'src/main.tsx'),
            `import './document';
import { renderToStaticMarkup } from 'react-dom/server';
import { Component0 } from './${folder(0)}/Component0';

console.log(renderToStaticMarkup(<Component0 title="All" />).length);
// A message channel of React would keep the process.
(globalThis as any).process.exit(0);
`
        );
        // The browser's build of emotion looks for style sheets on the page.
        write(join(directory, 'src/document.ts'), 'Object.assign(globalThis, { HTMLElement: class {}, document: { querySelectorAll: () => [], head: {} } });\n');
        write(join(directory, 'tsconfig.json'), '{ "compilerOptions": { "jsx": "react-jsx", "target": "esnext", "module": "esnext" } }');
        write(join(directory, 'package.json'), '{ "name": "application", "private": true, "type": "module" }');
    };
}

const folder = (/** @type {number} */ n) => `part${Math.floor(n / 100)}`;
const place = (/** @type {number} */ from, /** @type {number} */ to) =>
    folder(from) === folder(to) ? `./Component${to}` : `../${folder(to)}/Component${to}`;

/** @type {Record<string, Input>} */
export const INPUTS = {
    'react-1k': { says: '1,000 React components, 900 icons', entry: 'src/main.tsx', make: reactApplication(1000) },
    'react-5k': { says: '5,000 React components, 4,500 icons', entry: 'src/main.tsx', make: reactApplication(5000) },
    'react-10k': { says: '10,000 React components, 9,000 icons', entry: 'src/main.tsx', make: reactApplication(10_000) },
    'react-20k': { says: '20,000 React components, 18,000 imports of icons', entry: 'src/main.tsx', make: reactApplication(20_000) },
    three10: {
        says: 'three.js, ten copies of its sources',
        entry: 'main.js',
        make(directory, packages) {
            const copies = Array.from({ length: 10 }, (_, n) => n);
            for (const n of copies) cpSync(join(packages, 'three/src'), join(directory, `copy${n}`), { recursive: true });
            write(
                join(directory, 'main.js'),
                `${copies.map((n) => `import * as three${n} from './copy${n}/Three.js';`).join('\n')}
globalThis.three = [${copies.map((n) => `three${n}`).join(', ')}];
console.log(globalThis.three.map((three) => Object.keys(three).length).join(' '));
`
            );
            write(join(directory, 'package.json'), '{ "name": "three-times-ten", "private": true, "type": "module" }');
        }
    },
    effect: {
        says: 'the TypeScript sources of effect',
        entry: 'main.ts',
        make(directory, packages) {
            linkPackages(directory, packages);
            cpSync(join(packages, 'effect/src'), join(directory, 'src'), { recursive: true });
            write(join(directory, 'main.ts'), "import * as effect from './src/index.ts';\n(globalThis as any).effect = effect;\nconsole.log(Object.keys(effect).length);\n");
            write(join(directory, 'tsconfig.json'), '{ "compilerOptions": { "target": "esnext", "module": "esnext" } }');
            write(join(directory, 'package.json'), '{ "name": "effect-sources", "private": true, "type": "module" }');
        }
    },
    page: {
        says: 'antd, @mui/material and element-plus on a page',
        entry: 'main.js',
        make(directory, packages) {
            linkPackages(directory, packages);
            write(
                join(directory, 'main.js'),
                `import * as antd from 'antd';
import * as material from '@mui/material';
import * as element from 'element-plus';
globalThis.libraries = [antd, material, element];
console.log(globalThis.libraries.map((library) => Object.keys(library).length > 100).join(' '));
`
            );
            write(join(directory, 'package.json'), '{ "name": "page", "private": true, "type": "module" }');
        }
    }
};
