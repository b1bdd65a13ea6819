/**
 * The static imports of an emitted file: what a browser will fetch next, so what a page may preload. A lexer
 * for ES modules that compilers wrote; it knows strings, templates, comments and regular expressions well enough
 * not to take their text for code. Where it is wrong, a preload is missing and nothing else.
 */

const KEYWORDS_BEFORE_EXPRESSION = new Set([
    'return', 'typeof', 'case', 'do', 'else', 'in', 'of', 'instanceof', 'new', 'void', 'delete', 'throw', 'await', 'yield', 'default'
]);
const KEYWORDS_WITH_PARENTHESES = new Set(['if', 'while', 'for', 'with']);

/** One token that matters, sticky: white space and comments are skipped before it. */
const SKIPPED = /(?:\s+|\/\/[^\n]*|\/\*[^]*?\*\/)+/y;
const WORD = /[\p{ID_Start}$_#][\p{ID_Continue}$\u200c\u200d]*/uy;
const NUMBER = /\.?\d[\w.]*/y;
const STRING = /"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'/y;
const TEMPLATE_PART = /(?:[^`\\$]|\\[^]|\$(?!\{))*(?:`|\$\{)/y;
const REGULAR_EXPRESSION = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;

/**
 * @param {string} source
 * @returns {string[]} Specifiers as written, in order, each once.
 */
export function staticImports(source) {
    /** @type {Set<string>} */
    const specifiers = new Set();
    /** `import` or `export`, while its clause is being read. @type {string | undefined} */
    let statement;
    for (const { text, string, depth, previous } of tokenize(source)) {
        if (statement !== undefined) {
            if (string !== undefined && (previous === 'from' || previous === 'import')) {
                specifiers.add(string);
                statement = undefined;
                continue;
            }
            if (!endsClause(text, previous, statement)) continue;
        }
        const isStatement = depth === 0 && previous !== '.' && (text === 'import' || text === 'export');
        statement = isStatement ? text : undefined;
    }
    return [...specifiers];
}

/**
 * Whether a statement turns out to have no specifier.
 *
 * @param {string} text The token
 * @param {string} previous and the one before,
 * @param {string} statement in a statement that starts with this word.
 */
function endsClause(text, previous, statement) {
    if (text === ';' || text === '=') return true;
    if (previous === '}') return text !== 'from'; // export { … } without a source
    if (previous !== statement) return false;
    return statement === 'import'
        ? text === '(' || text === '.' // import(…) and import.meta
        : text !== '{' && text !== '*'; // a declaration
}

/**
 * @typedef {object} Token
 * @property {string} text A word, or one character.
 * @property {string} [string] The value, where the token is a string.
 * @property {number} depth How many brackets are open around it.
 * @property {string} previous Text of the token before.
 */

/**
 * @param {string} source
 * @returns {Generator<Token>}
 */
function* tokenize(source) {
    let position = 0;
    let previous = '';
    /** What each open bracket follows; `${` is a bracket of its own kind. @type {{ open: string, after: string }[]} */
    const brackets = [];
    /** Whether a `/` here starts a regular expression. */
    let isOperandNext = true;

    const match = (/** @type {RegExp} */ pattern) => {
        pattern.lastIndex = position;
        const found = pattern.exec(source)?.[0];
        if (found !== undefined) position += found.length;
        return found;
    };
    const template = () => {
        const part = match(TEMPLATE_PART);
        if (part === undefined) position = source.length;
        else if (part.endsWith('${')) brackets.push({ open: '${', after: '' });
        isOperandNext = part?.endsWith('${') ?? false;
    };

    while (position < source.length) {
        if (match(SKIPPED) !== undefined) continue;
        const depth = brackets.length;
        const character = source[position];
        const word = match(WORD);
        if (word !== undefined) {
            yield { text: word, depth, previous };
            isOperandNext = previous !== '.' && KEYWORDS_BEFORE_EXPRESSION.has(word);
            previous = word;
            continue;
        }
        if (match(NUMBER) !== undefined) {
            isOperandNext = false;
            previous = '0';
            continue;
        }
        const string = match(STRING);
        if (string !== undefined) {
            yield { text: string, string: string.slice(1, -1), depth, previous };
            isOperandNext = false;
            previous = '""';
            continue;
        }
        if (character === '/' && isOperandNext && match(REGULAR_EXPRESSION) !== undefined) {
            isOperandNext = false;
            previous = '//';
            continue;
        }
        position += 1;
        if (character === '`') {
            template();
            previous = '`';
            continue;
        }
        if (character === '(' || character === '[' || character === '{') brackets.push({ open: character, after: previous });
        if (character === ')' || character === ']' || character === '}') {
            const bracket = brackets.pop();
            if (bracket?.open === '${') {
                template();
                previous = '`';
                continue;
            }
            // `if (x) /a/` is a regular expression, `f(x) / a` is not; after `}` a statement is likelier than a division.
            isOperandNext = character === '}' || (character === ')' && KEYWORDS_WITH_PARENTHESES.has(bracket?.after ?? ''));
        } else {
            isOperandNext = true;
        }
        yield { text: character, depth: Math.min(depth, brackets.length), previous };
        previous = character;
    }
}
