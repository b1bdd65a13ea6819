//! How deep a source nests, found without parsing it: the parser and every pass over a tree recurse with each level, and
//! a stack that is full ends the process.
//!
//! ```text
//! [[[[[1]]]]]     ((a) => (b) => c)     !!!!a     a ? b : c ? d : e     a.b.c()()     if (a) if (b) c
//! ```
//!
//! A level is a bracket that is open, or an operator (or a word like `new` and `if`) since the last place where an
//! expression or a statement must have ended. Those that only make a tree deeper on its left side, `a + b + c`, need less
//! of the stack and count less. It is an estimate: it may be wrong by the few levels of one line.

/// What one level weighs in which the parser itself recurses.
const RECURSIVE: usize = 10;

/// What a type assertion or an element of JSX weighs: the parser tries several readings of each.
const ANGLED: usize = 3 * RECURSIVE;

/// What one level weighs that only makes the tree deeper.
const CHAINED: usize = 1;

/// Everything that walks a syntax tree recurses, and some passes look at what is inside of a block once for each level.
/// Engines give up earlier: V8 at 400 functions or 3,000 blocks.
pub const DEEPEST: usize = 6_000;

/// Where a script nests deeper than any tree pass could follow.
pub fn too_deep(source: &str) -> Option<usize> {
    // Cheap for every ordinary file: so few levels cannot be too many.
    if source.len() <= DEEPEST {
        return None;
    }
    let levels = source
        .bytes()
        .map(|byte| usize::from(POSSIBLE_LEVELS[usize::from(byte)]));
    (levels.sum::<usize>() > DEEPEST).then(|| Reader::new(source).too_deep(DEEPEST))?
}

/// Where brackets nest more than `deepest` levels, in a text of any language with brackets.
pub fn brackets_too_deep(text: &str, deepest: usize) -> Option<usize> {
    let mut depth = 0_usize;
    text.bytes().position(|byte| {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > deepest
    })
}

/// What is true of which bytes; the text is read byte by byte, and looking something up is quicker than asking.
macro_rules! table_of {
    ($claim:ident) => {{
        let mut table = [false; 256];
        let mut byte = 0_usize;
        while byte < 256 {
            table[byte] = $claim(byte.to_le_bytes()[0]);
            byte += 1;
        }
        table
    }};
}

static POSSIBLE_LEVELS: [bool; 256] = table_of!(is_possible_level);
static WORDS: [bool; 256] = table_of!(is_word);
static SPACES: [bool; 256] = table_of!(is_space);

/// Every level has one of these; words are followed by white space or a bracket.
const fn is_possible_level(byte: u8) -> bool {
    matches!(
        byte,
        b'(' | b'['
            | b'{'
            | b'`'
            | b'!'
            | b'~'
            | b'?'
            | b'='
            | b'<'
            | b':'
            | b'+'
            | b'-'
            | b'*'
            | b'/'
            | b'%'
            | b'&'
            | b'|'
            | b'^'
            | b'.'
            | b'@'
            | b' '
            | b'\t'
            | b'\n'
            | b'\r'
    )
}

/// An open bracket.
struct Frame {
    kind: FrameKind,
    /// What the levels in it weigh that no bracket closes.
    weight: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FrameKind {
    /// Of an expression or a block.
    Plain,
    /// `if (…)`: what follows belongs to it.
    Head,
    /// `` `${…} ``
    Substitution,
}

/// What a token leaves for the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    /// A value may have ended: what begins like another value begins another statement.
    Value,
    /// `if`, `for`, `while`, `with`
    HeadWord,
    /// An operator, or nothing.
    Operator,
}

struct Reader<'a> {
    bytes: &'a [u8],
    index: usize,
    frames: Vec<Frame>,
    /// What all frames weigh together.
    weight: usize,
    before: Before,
}

impl<'a> Reader<'a> {
    fn new(source: &'a str) -> Self {
        let outermost = Frame {
            kind: FrameKind::Plain,
            weight: 0,
        };
        Self {
            bytes: source.as_bytes(),
            index: 0,
            frames: vec![outermost],
            weight: 0,
            before: Before::Operator,
        }
    }

    fn too_deep(mut self, deepest: usize) -> Option<usize> {
        while self.index < self.bytes.len() {
            let start = self.index;
            self.token();
            if self.weight > deepest * RECURSIVE {
                return Some(start);
            }
        }
        None
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.index + ahead).copied().unwrap_or_default()
    }

    fn token(&mut self) {
        match self.bytes[self.index] {
            b' ' | b'\t' | b'\n' | b'\r' => self.index += run_of(&SPACES, &self.bytes[self.index..]),
            b'/' if self.peek(1) == b'/' => {
                let rest = &self.bytes[self.index..];
                self.index += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            }
            b'/' if self.peek(1) == b'*' => {
                let rest = &self.bytes[self.index..];
                self.index += memchr::memmem::find(rest, b"*/").map_or(rest.len(), |end| end + 2);
            }
            quote @ (b'"' | b'\'') => {
                self.value();
                self.string(quote);
            }
            b'`' => {
                // A tag makes a chain of what it tags.
                if self.before == Before::Value {
                    self.add(CHAINED);
                }
                self.index += 1;
                self.template();
            }
            b'(' => self.open(),
            b'[' | b'{' => {
                self.chain_after_value();
                self.push(FrameKind::Plain);
                self.before = Before::Operator;
                self.index += 1;
            }
            b')' | b']' | b'}' => self.close(),
            b';' | b',' => {
                self.end();
                self.before = Before::Operator;
                self.index += 1;
            }
            byte if WORDS[usize::from(byte)] => self.word(),
            _ => self.operator(),
        }
    }

    fn add(&mut self, weight: usize) {
        self.weight += weight;
        if let Some(frame) = self.frames.last_mut() {
            frame.weight += weight;
        }
    }

    /// A statement, an argument or an element ends.
    fn end(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            self.weight -= frame.weight;
            frame.weight = 0;
        }
    }

    fn push(&mut self, kind: FrameKind) {
        self.frames.push(Frame { kind, weight: 0 });
        // Below the frame, so that it goes with it.
        self.add(RECURSIVE);
    }

    /// `f(` and `f[` are links of a chain.
    fn chain_after_value(&mut self) {
        if self.before == Before::Value {
            self.add(CHAINED);
        }
    }

    fn open(&mut self) {
        self.chain_after_value();
        let kind = match self.before {
            Before::HeadWord => FrameKind::Head,
            _ => FrameKind::Plain,
        };
        self.push(kind);
        self.before = Before::Operator;
        self.index += 1;
    }

    fn close(&mut self) {
        self.index += 1;
        // What was opened before the text began.
        if self.frames.len() == 1 {
            return;
        }
        let Some(frame) = self.frames.pop() else { return };
        self.weight -= frame.weight;
        self.before = match frame.kind {
            FrameKind::Head => Before::Operator,
            FrameKind::Plain | FrameKind::Substitution => Before::Value,
        };
        if frame.kind == FrameKind::Substitution {
            self.template();
        }
    }

    fn string(&mut self, quote: u8) {
        self.index += 1;
        while let Some(rest) = self.bytes.get(self.index..)
            && let Some(length) = memchr::memchr3(quote, b'\n', b'\\', rest)
        {
            self.index += length + 1;
            if rest[length] != b'\\' {
                self.before = Before::Value;
                return;
            }
            self.index += 1;
        }
        self.index = self.bytes.len();
        self.before = Before::Value;
    }

    /// The text of a template up to its end or the next value in it.
    fn template(&mut self) {
        while self.index < self.bytes.len() {
            match self.bytes[self.index] {
                b'\\' => self.index += 2,
                b'`' => {
                    self.index += 1;
                    break;
                }
                b'$' if self.peek(1) == b'{' => {
                    self.index += 2;
                    self.push(FrameKind::Substitution);
                    self.before = Before::Operator;
                    return;
                }
                _ => self.index += 1,
            }
        }
        self.before = Before::Value;
    }

    /// A value begins: whatever was there before has ended.
    fn value(&mut self) {
        if self.before == Before::Value {
            self.end();
        }
        self.before = Before::Value;
    }

    fn word(&mut self) {
        let rest = &self.bytes[self.index..];
        let length = run_of(&WORDS, rest);
        self.index += length;
        match &rest[..length] {
            word if !(2..=10).contains(&length) || !word[0].is_ascii_lowercase() => self.value(),
            b"if" | b"for" | b"while" | b"with" => {
                self.value();
                self.add(RECURSIVE);
                self.before = Before::HeadWord;
            }
            b"new" | b"typeof" | b"void" | b"delete" | b"await" | b"yield" | b"do" | b"class" => {
                self.value();
                self.add(RECURSIVE);
                self.before = Before::Operator;
            }
            b"else" | b"extends" => {
                self.add(RECURSIVE);
                self.before = Before::Operator;
            }
            b"in" | b"instanceof" | b"of" | b"as" | b"satisfies" => {
                self.add(CHAINED);
                self.before = Before::Operator;
            }
            b"case" | b"default" => {
                self.end();
                self.before = Before::Operator;
            }
            b"catch" | b"finally" | b"from" | b"is" => self.before = Before::Operator,
            _ => self.value(),
        }
    }

    fn operator(&mut self) {
        let (length, weight) = match (self.bytes[self.index], self.peek(1)) {
            // `</a>` closes what `<a>` opened, `/>` what `<a` did.
            (b'<', b'/') | (b'/', b'>') => (2, 0),
            (b'=', b'>') | (b'*', b'*') => (2, RECURSIVE),
            (b'.', b'.') => (3, CHAINED),
            (b'=' | b'!', b'=') if self.peek(2) == b'=' => (3, CHAINED),
            (b'?', b'.' | b'?') | (b'&', b'&') | (b'|', b'|') | (b'=' | b'!', b'=') => (2, CHAINED),
            (b'<', _) if self.before != Before::Value => (1, ANGLED),
            (b'!' | b'~' | b'?' | b'=' | b':' | b'@', _) => (1, RECURSIVE),
            (b'+' | b'-', _) if self.before != Before::Value => (1, RECURSIVE),
            (b'+', b'+') | (b'-', b'-') => (2, 0),
            (b'<' | b'.' | b'+' | b'-' | b'*' | b'/' | b'%' | b'&' | b'|' | b'^', _) => (1, CHAINED),
            _ => (1, 0),
        };
        if matches!(
            (self.bytes[self.index], self.peek(1)),
            (b'<', b'/') | (b'/', b'>')
        ) {
            if let Some(frame) = self.frames.last_mut() {
                let less = frame.weight.min(ANGLED);
                frame.weight -= less;
                self.weight -= less;
            }
            self.before = Before::Operator;
        } else if !matches!(
            (self.bytes[self.index], self.peek(1)),
            (b'+', b'+') | (b'-', b'-')
        ) {
            self.before = Before::Operator;
        }
        self.add(weight);
        self.index += length;
    }
}

/// How many bytes at the start have what the table tells.
fn run_of(table: &[bool; 256], bytes: &[u8]) -> usize {
    let end = bytes.iter().position(|byte| !table[usize::from(*byte)]);
    end.unwrap_or(bytes.len())
}

const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'#' | b'\\') || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_too_deep(source: &str) -> bool {
        Reader::new(source).too_deep(100).is_some()
    }

    #[test]
    fn what_nests_is_found() {
        let nested = |open: &str, core: &str, close: &str| {
            let text = |depth| format!("f({}{core}{})", open.repeat(depth), close.repeat(depth));
            assert!(is_too_deep(&text(1001)), "{open}{close}");
            assert!(!is_too_deep(&text(20)), "{open}{close}");
        };
        for open in ["(", "[", "{a:", "f(", "x[", "`${", "() => {", "(class {a = "] {
            nested(open, "1", "");
        }
        for open in [
            "!", "- ", "a => ", "typeof ", "new ", "await ", "a ? b : ", "a = ", "a ** ", "<a>", "<any>",
        ] {
            nested(open, "a", "");
        }
        for close in [
            " + a", ".a", "()", "[0]", "?.a", "``", " && a", " in a", " as a", "?.(a)",
        ] {
            nested("", "a", close);
        }
        for open in ["if (a) ", "for (;;) ", "while (a)\n", "if (a) {} else ", "a: "] {
            let text = |depth| format!("{}b", open.repeat(depth));
            assert!(is_too_deep(&text(1001)), "{open}");
            assert!(!is_too_deep(&text(20)), "{open}");
        }
    }

    #[test]
    fn what_is_long_and_does_not_nest_is_fine() {
        for one in [
            "a = b + c\n",
            "a = b;",
            "f(a, b)\n",
            "const a = () => b\n",
            "if (a) b\n",
            "if (a) { b } else { c }",
            "!function () {}();",
            "function f(a) { return !a }",
            "x = `a + b + ${c} = d`\n",
            "/* ((( */ // [[[\n",
            "'((([[['\n",
            "var a = \"!!!\", b = '\\'((';",
            "a.b.c().d()\n",
            "class A extends B { c = 1; d() { return new E } }\n",
            "for (const a of b) c(a)\n",
            "try { a } catch (b) { c } finally { d }",
            "label: for (;;) {}\n",
            "case 1: ",
            "i++\n",
            "export { a } from './b'\n",
        ] {
            assert!(!is_too_deep(&one.repeat(2000)), "{one}");
        }
        assert!(!is_too_deep(&format!(
            "f([{}])",
            "{ a: !b, c: d + e }, ".repeat(2000)
        )));
        assert!(!is_too_deep(&format!(
            "f(<a>{}</a>)",
            "<b c=\"d\">e</b><f/>".repeat(2000)
        )));
        assert!(!is_too_deep(&format!("f(`{}`)", "+/=!?".repeat(2000))));
        assert!(!is_too_deep(&"}".repeat(1000)));
    }

    #[test]
    fn brackets_of_any_language() {
        assert_eq!(brackets_too_deep("a{b{c{", 2), Some(5));
        assert_eq!(brackets_too_deep(&"a{b}".repeat(100), 2), None);
    }
}
