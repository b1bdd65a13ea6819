//! Our reading of npm's ranges against npm's own `semver`, over tens of thousands of generated pairs of a
//! version and a range: zero differences, apart from the relaxation that PROTOCOL's Appendix A names.
//!
//! Needs Node and the package that `tests/ranges/package-lock.json` names, so it runs when asked for:
//!
//! ```sh
//! node tests/run.mjs ranges
//! ```
//!
//! The pairs come from a grammar and a fixed seed. `RANGE_SEED=7 RANGE_COUNT=100000` asks for others, or for
//! more.

#[path = "support/split_mix.rs"]
mod split_mix;

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use esmx_build::protocol::{NpmRange, Satisfaction, satisfies};
use split_mix::SplitMix64;

#[test]
#[ignore = "needs npm's semver: node tests/run.mjs ranges"]
fn every_verdict_is_the_one_of_npm() {
    let setting = |name: &str, otherwise: u64| {
        std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"))
    };
    let mut generator = Generator {
        chance: SplitMix64(setting("RANGE_SEED", 20_261_126)),
    };
    let questions: Vec<Question> = (0..setting("RANGE_COUNT", 12_000))
        .map(|_| generator.question())
        .collect();
    let answers = ask_npm(&questions);
    assert_eq!(answers.len(), questions.len());
    let mut pairs = 0;
    let mut satisfied = 0;
    let mut refused = 0;
    let mut differences = Vec::new();
    for (question, npm) in questions.iter().zip(&answers) {
        let ours = answer(question);
        let npm = relaxed(question, npm.as_deref());
        pairs += question.versions.len();
        satisfied += npm.matches('1').count();
        refused += usize::from(npm == REFUSED);
        if ours != npm {
            differences.push(format!(
                "{:?} for {:?}\n  npm  {npm}\n  here {ours}",
                question.range, question.versions
            ));
        }
    }
    println!(
        "{pairs} pairs, {satisfied} satisfied, {refused} of {} ranges refused",
        questions.len()
    );
    // A generator that makes only nonsense, or only what everything satisfies, would prove nothing.
    assert!(pairs > 8 * questions.len() && satisfied * 10 > pairs && refused * 20 > questions.len());
    assert!(
        differences.is_empty(),
        "{} differences, the first:\n{}",
        differences.len(),
        differences[..differences.len().min(12)].join("\n")
    );
}

const REFUSED: &str = "refused";

struct Question {
    range: String,
    versions: Vec<String>,
}

fn answer(question: &Question) -> String {
    let Question { range, versions } = question;
    if NpmRange::parse(range).is_none() {
        assert!(
            versions
                .iter()
                .all(|version| satisfies(version, range) == Satisfaction::Undecidable)
        );
        return REFUSED.to_owned();
    }
    versions
        .iter()
        .map(|version| match satisfies(version, range) {
            Satisfaction::Satisfied => '1',
            Satisfaction::Violated => '0',
            Satisfaction::Undecidable => '-',
        })
        .collect()
}

/// npm's answer with Appendix A's one relaxation: what is empty, `*` or `x` accepts every version.
fn relaxed(question: &Question, npm: Option<&str>) -> String {
    let Some(verdicts) = npm else {
        return REFUSED.to_owned();
    };
    // What JavaScript trims.
    let range = question.range.trim_matches(is_javascript_space);
    if range.is_empty() || range == "*" || range.eq_ignore_ascii_case("x") {
        verdicts.replace('0', "1")
    } else {
        verdicts.to_owned()
    }
}

fn is_javascript_space(character: char) -> bool {
    character == '\u{feff}' || (character.is_whitespace() && character != '\u{85}')
}

fn ask_npm(questions: &[Question]) -> Vec<Option<String>> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ranges");
    assert!(
        directory.join("node_modules/semver/package.json").is_file(),
        "npm's semver is not installed: run `npm ci` in tests/ranges"
    );
    let asked: Vec<serde_json::Value> = questions
        .iter()
        .map(|question| serde_json::json!({ "range": question.range, "versions": question.versions }))
        .collect();
    let asked = serde_json::Value::from(asked).to_string();
    let mut node = Command::new("node")
        .arg("judge.mjs")
        .current_dir(&directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Node runs");
    let mut input = node.stdin.take().expect("a pipe");
    let writer = std::thread::spawn(move || input.write_all(asked.as_bytes()));
    let output = node.wait_with_output().expect("Node finishes");
    writer
        .join()
        .expect("the writer does not panic")
        .expect("Node reads what it is asked");
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).expect("Node answers in JSON")
}

/// Ranges and versions by chance.
struct Generator {
    chance: SplitMix64,
}

const SPACES: [&str; 12] = [
    " ", "  ", "\t", "\n", "\r\n", "\u{a0}", "\u{feff}", "\u{2028}", "\u{3000}", "\u{b}", "\u{85}",
    "\u{200b}",
];
const OPERATORS: [&str; 13] = ["", "", "", "", "^", "^", "~", "~>", ">", "<", ">=", "<=", "="];
const STRANGE_OPERATORS: [&str; 9] = ["==", "=>", "><", "!", "~=", "^=", "~>=", ">>", "^~"];
const NUMBERS: [&str; 18] = [
    "0",
    "0",
    "0",
    "1",
    "1",
    "2",
    "3",
    "4",
    "10",
    "17",
    "99",
    "00",
    "01",
    "9007199254740991",
    "9007199254740992",
    "9007199254740990",
    "18446744073709551616",
    "184467440737095516150000",
];
const IDENTIFIERS: [&str; 22] = [
    "alpha",
    "beta",
    "rc",
    "0",
    "1",
    "2",
    "10",
    "00",
    "01",
    "0a",
    "-",
    "--",
    "-1",
    "a-b",
    "X",
    "x",
    "next",
    "9007199254740992",
    "99999999999999999999999",
    "ä",
    "_",
    "",
];
const GARBAGE: [&str; 40] = [
    "1.2.3*",
    "*1.2.3",
    ">=*1.2.3",
    "1.*2.3",
    "**",
    "x*",
    "= 1.2",
    "== 1",
    "v= 1",
    ">v 1",
    "~> >1",
    "~ >1",
    "v 1.2 - = 3",
    "v0.0.0 - 1",
    "latest",
    "next",
    "npm:vue@^3",
    "workspace:*",
    "https://example.org/a.tgz",
    "1.2.3.4",
    "1..2",
    ".1",
    "1.",
    "a.b.c",
    "||",
    "|",
    "^",
    "~",
    ">",
    ">=",
    "-",
    " - ",
    "1 -2",
    "1- 2",
    "v",
    "=",
    "🦀",
    "١.٢.٣",
    "1.2.3-",
    "1.2.3+",
];

impl Generator {
    fn below(&mut self, limit: usize) -> usize {
        self.chance.below(limit)
    }

    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn one_of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    fn question(&mut self) -> Question {
        let range = self.range();
        let mut versions: Vec<String> = (0..6).map(|_| self.version()).collect();
        // Versions at the edges of what the range names.
        let named: Vec<[u64; 3]> = numbers_in(&range);
        for _ in 0..8 {
            let [mut major, mut minor, mut patch] = match named.len() {
                0 => [3, 5, 0],
                count => named[self.below(count)],
            };
            match self.below(6) {
                0 => major = major.saturating_add(1),
                1 => minor = minor.saturating_add(1),
                2 => patch = patch.saturating_add(1),
                3 => patch = patch.saturating_sub(1),
                _ => {}
            }
            let end = match self.below(6) {
                0 => "-0".to_owned(),
                1 => format!("-{}", self.identifiers()),
                2 => format!("+{}", self.identifiers()),
                _ => String::new(),
            };
            versions.push(format!("{major}.{minor}.{patch}{end}"));
        }
        Question { range, versions }
    }

    fn range(&mut self) -> String {
        if self.once_in(25) {
            return [
                "",
                "*",
                "x",
                "X",
                " * ",
                "\u{feff}*",
                "x ",
                "v*",
                "=*",
                "*.*",
                "x.x.x",
                "^*",
                "~*",
                ">*",
                "<*",
                ">=*",
            ][self.below(16)]
            .to_owned();
        }
        let mut text = self.alternative();
        while self.once_in(3) {
            text.push_str(["||", " || ", " ||", "|| ", "||||", "\n||\t"][self.below(6)]);
            text.push_str(&self.alternative());
        }
        if self.once_in(12) {
            let space = self.one_of(&SPACES);
            text = format!("{space}{text}{space}");
        }
        if self.once_in(25) {
            text = self.damaged(&text);
        }
        text
    }

    fn alternative(&mut self) -> String {
        match self.below(14) {
            0 if self.once_in(2) => self.one_of(&GARBAGE).to_owned(),
            0 | 1 => String::new(),
            2 | 3 => {
                let (from, to) = (self.partial(), self.partial());
                let (left, right) = match self.below(8) {
                    0 => ("\t", " "),
                    1 => ("  ", "   "),
                    2 => ("", " "),
                    3 => (" ", ""),
                    _ => (" ", " "),
                };
                let mut text = format!("{from}{left}-{right}{to}");
                if self.once_in(8) {
                    text = format!("{text} {}", self.comparator());
                }
                text
            }
            _ => {
                let mut text = self.comparator();
                while self.once_in(3) {
                    let space = if self.once_in(6) {
                        self.one_of(&SPACES)
                    } else {
                        " "
                    };
                    text = format!("{text}{space}{}", self.comparator());
                }
                text
            }
        }
    }

    fn comparator(&mut self) -> String {
        let operator = if self.once_in(20) {
            self.one_of(&STRANGE_OPERATORS)
        } else {
            self.one_of(&OPERATORS)
        };
        let space = match self.below(8) {
            0 => " ",
            1 => "   ",
            2 if self.once_in(4) => self.one_of(&SPACES),
            _ => "",
        };
        format!("{operator}{space}{}", self.partial())
    }

    fn partial(&mut self) -> String {
        let prefix = match self.below(30) {
            0 | 1 => "v",
            2 => ["=", "V", "vv", "v=", "=v", " v", "v "][self.below(7)],
            _ => "",
        };
        let mut text = prefix.to_owned();
        let places = [1, 2, 3, 3, 3, 3, 3, if self.once_in(6) { 4 } else { 3 }][self.below(8)];
        for place in 0..places {
            if place > 0 {
                text.push('.');
            }
            text.push_str(&self.place());
        }
        if self.once_in(4) {
            text.push('-');
            text.push_str(&self.identifiers());
        }
        if self.once_in(8) {
            text.push('+');
            text.push_str(&self.identifiers());
        }
        text
    }

    fn place(&mut self) -> String {
        match self.below(12) {
            0 => self.one_of(&["x", "X", "*"]).to_owned(),
            1 if self.once_in(3) => self.one_of(&NUMBERS).to_owned(),
            1 | 2 => "0".to_owned(),
            _ => self.below(5).to_string(),
        }
    }

    fn identifiers(&mut self) -> String {
        if self.once_in(2) {
            return ["alpha.1", "beta", "rc.2", "0"][self.below(4)].to_owned();
        }
        let mut text = self.one_of(&IDENTIFIERS).to_owned();
        while self.once_in(3) {
            text.push('.');
            text.push_str(self.one_of(&IDENTIFIERS));
        }
        text
    }

    fn version(&mut self) -> String {
        let mut text = format!("{}.{}.{}", self.below(5), self.below(5), self.below(5));
        match self.below(12) {
            0 => text = self.partial(),
            1 => {
                text = format!(
                    "{}{text}",
                    self.one_of(&["v", "=", " ", "V", "v ", "\u{feff}", "\u{85}"])
                );
            }
            2 => text.push_str(self.one_of(&[" ", "\n", "-", "+", ".", ".0", "\u{0}", "\u{feff}"])),
            3 => {
                text = format!(
                    "{}.{}.{}",
                    self.one_of(&NUMBERS),
                    self.one_of(&NUMBERS),
                    self.one_of(&NUMBERS)
                );
            }
            4 => text = format!("{text}-{}", "a".repeat(240 + self.below(20))),
            5 | 6 => text = format!("{text}-{}", self.identifiers()),
            7 => text = format!("{text}-{}+{}", self.identifiers(), self.identifiers()),
            _ => {}
        }
        text
    }

    /// The text with one character removed, doubled or replaced.
    fn damaged(&mut self, text: &str) -> String {
        let characters: Vec<char> = text.chars().collect();
        if characters.is_empty() {
            return text.to_owned();
        }
        let position = self.below(characters.len());
        let replacement = match self.below(4) {
            0 => String::new(),
            1 => characters[position].to_string().repeat(2),
            2 => self.one_of(&GARBAGE).to_owned(),
            _ => self
                .one_of(&[
                    ".", "-", "+", "x", "|", "^", "0", "\u{0}", "é", "*", "=", "v", " ", ">", "~",
                ])
                .to_owned(),
        };
        let mut damaged: String = characters[..position].iter().collect();
        damaged.push_str(&replacement);
        damaged.extend(&characters[position + 1..]);
        damaged
    }
}

/// The numbers of every version-like part of a range.
fn numbers_in(range: &str) -> Vec<[u64; 3]> {
    range
        .split(|character: char| !character.is_ascii_digit() && character != '.')
        .filter(|part| part.starts_with(|first: char| first.is_ascii_digit()))
        .map(|part| {
            let mut places = part.split('.').map(|place| place.parse().unwrap_or(0));
            std::array::from_fn(|_| places.next().unwrap_or(0))
        })
        .collect()
}
