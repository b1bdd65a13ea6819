//! The comments of a module that mean something: annotations for the minifier and licences.

use rustc_hash::FxHashMap;
use swc_core::common::BytePos;
use swc_core::common::comments::{Comment, CommentKind, SingleThreadedComments};

/// What promises something about the code behind it.
const ANNOTATIONS: [&str; 4] = [
    "@__PURE__",
    "#__PURE__",
    "@__NO_SIDE_EFFECTS__",
    "#__NO_SIDE_EFFECTS__",
];

/// Comments by the position they stand at, as plain data that any thread may read. Holds only
/// `#__PURE__`, `#__NO_SIDE_EFFECTS__` and legal comments (`/*!`, `@license`, `@preserve`).
#[derive(Debug, Clone, Default)]
pub struct ModuleComments {
    leading: FxHashMap<BytePos, Vec<Comment>>,
    trailing: FxHashMap<BytePos, Vec<Comment>>,
}

impl ModuleComments {
    /// What of `comments` is worth keeping.
    pub fn keep(comments: SingleThreadedComments) -> Self {
        let (leading, trailing) = comments.take_all();
        Self {
            leading: only_kept(leading.take()),
            trailing: only_kept(trailing.take()),
        }
    }

    /// Whether there is nothing to print or to look up.
    pub fn is_empty(&self) -> bool {
        self.leading.is_empty() && self.trailing.is_empty()
    }

    /// The comments before the node that starts at `position`.
    pub fn leading(&self, position: BytePos) -> &[Comment] {
        self.leading.get(&position).map_or(&[], Vec::as_slice)
    }

    /// Adds a comment before the node that starts at `position`.
    pub fn add_leading(&mut self, position: BytePos, comment: Comment) {
        self.leading.entry(position).or_default().push(comment);
    }

    /// The annotations of calls, in the order of their positions.
    pub fn annotations(&self) -> impl Iterator<Item = (BytePos, impl Iterator<Item = &Comment>)> {
        let mut found: Vec<_> = self.leading.iter().collect();
        found.sort_unstable_by_key(|(position, _)| **position);
        found.into_iter().map(|(position, comments)| {
            let annotations = comments
                .iter()
                .filter(|comment| comment.text.contains("__PURE__"));
            (*position, annotations)
        })
    }

    /// The form that SWC's passes and its printer take.
    pub fn to_single_threaded(&self) -> SingleThreadedComments {
        self.clone().into_single_threaded()
    }

    /// The same without a copy.
    pub fn into_single_threaded(self) -> SingleThreadedComments {
        let comments = SingleThreadedComments::default();
        {
            let (mut leading, mut trailing) = comments.borrow_all_mut();
            *leading = self.leading;
            *trailing = self.trailing;
        }
        comments
    }
}

fn only_kept(mut comments: FxHashMap<BytePos, Vec<Comment>>) -> FxHashMap<BytePos, Vec<Comment>> {
    comments.retain(|_, comments| {
        comments.retain(is_kept);
        for comment in comments.iter_mut().filter(|comment| !is_legal(&comment.text)) {
            enclose(comment);
        }
        !comments.is_empty()
    });
    comments
}

/// Makes a comment to the end of the line one that code may follow. Of its text only the annotation matters.
fn enclose(comment: &mut Comment) {
    if comment.kind == CommentKind::Line {
        comment.kind = CommentKind::Block;
        comment.text = ANNOTATIONS
            .into_iter()
            .filter(|annotation| comment.text.contains(annotation))
            .collect::<Vec<_>>()
            .join(" ")
            .into();
    }
}

/// Whether a comment must survive.
pub fn is_kept(comment: &Comment) -> bool {
    is_legal(&comment.text) || is_annotation(comment)
}

/// Whether a comment promises something about the code behind it.
pub fn is_annotation(comment: &Comment) -> bool {
    ANNOTATIONS
        .iter()
        .any(|annotation| comment.text.contains(annotation))
}

/// Whether the text of a comment is a licence or asks to be kept.
pub fn is_legal(text: &str) -> bool {
    text.starts_with('!') || text.contains("@license") || text.contains("@preserve")
}

/// Whether the text can contain a comment that parsing must record: one of those above or, in a file with
/// JSX, a pragma.
pub fn mentions_kept_comment(source: &str, has_jsx: bool) -> bool {
    let bytes = source.as_bytes();
    ["__PURE__", "__NO_SIDE_EFFECTS__", "/*!", "//!", "@license", "@preserve"]
        .iter()
        .any(|needle| memchr::memmem::find(bytes, needle.as_bytes()).is_some())
        // With JSX the transform itself adds annotations, which does not depend on what parsing recorded.
        || has_jsx && memchr::memmem::find(bytes, b"@jsx").is_some()
}
