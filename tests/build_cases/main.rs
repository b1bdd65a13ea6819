//! Build cases: every folder in `fixtures/build` is a small module whose built output must behave as its
//! sources do.
//!
//! A case is executed, not compared with a snapshot: its modules call a global `log`, and what they logged plus
//! what their exports hold in the end is compared. The sources run in Node as they are; the output
//! runs through its own import map, where nothing else resolves. Both must print the same, for the server and
//! the client side, readable and minified, with the exports imported in the declared and in the opposite order.
//! Each build is made twice, on one thread and on many and in two different folders: the bytes must be equal.
//! A warning fails the case, unless it is in the file `warnings`, as `main.js:3 W_EVAL`.
//!
//! The folder's name says the behaviour, its `README.md` says it in a sentence. It holds
//!
//! - `package.json` with `esmx.exports`, and sources. Small handmade packages lie in `node_modules`; a module
//!   that is used lies beside the sources and is linked into `node_modules`.
//! - `expected`, or `expected.client` and `expected.server`: what is to be printed, where Node can not run the
//!   sources (TypeScript, JSX) or bundlers agree on something else than Node (`__esModule`, `sideEffects`).
//! - `generate.mjs`: writes sources that are too many or too long to commit, before anything else happens.
//!
//! To add a case, add a folder. `BUILD_CASES=word` runs only those whose name contains the word, and
//! `KEEP_BUILD_CASES=1` leaves the built copies and says where they are.

mod case;
mod process;
mod program;
mod suite;
mod workspace;

use case::Case;

#[test]
fn every_built_module_behaves_as_its_sources() {
    suite::check_all("build", "BUILD_CASES", |directory| {
        Case::read(directory).and_then(|case| case.check())
    });
}
