//! How what is known of names is written down.

use fixedbitset::FixedBitSet;
use serde::{Deserialize, Serialize};
use swc_core::atoms::Atom;
use swc_core::common::SyntaxContext;
use swc_core::ecma::ast::Id;

use super::KnownNames;
use super::known::Known;
use crate::graph::MemberPath;

/// A name and the number of its context, which is the same whenever the file is read.
type WrittenId = (Atom, u32);

/// The same as [`KnownNames`], without tables.
#[derive(Serialize, Deserialize)]
pub(super) struct WrittenNames {
    names: Vec<(WrittenId, Known)>,
    late: Vec<(WrittenId, Known, FixedBitSet)>,
    members: Vec<(WrittenId, MemberPath, Known, Option<FixedBitSet>)>,
}

impl From<KnownNames> for WrittenNames {
    fn from(known: KnownNames) -> Self {
        let names = known.names.into_iter();
        let late = known.late.into_iter();
        let members = known.members.into_iter();
        Self {
            names: names.map(|(name, known)| (written(name), known)).collect(),
            late: late
                .map(|(name, (known, statements))| (written(name), known, statements))
                .collect(),
            members: members
                .map(|((object, path), (known, statements))| (written(object), path, known, statements))
                .collect(),
        }
    }
}

impl From<WrittenNames> for KnownNames {
    fn from(WrittenNames { names, late, members }: WrittenNames) -> Self {
        let late = late.into_iter();
        let members = members.into_iter();
        Self {
            names: names.into_iter().map(|(name, known)| (id(name), known)).collect(),
            late: late
                .map(|(name, known, statements)| (id(name), (known, statements)))
                .collect(),
            members: members
                .map(|(object, path, known, statements)| ((id(object), path), (known, statements)))
                .collect(),
        }
    }
}

fn written((name, context): Id) -> WrittenId {
    (name, context.as_u32())
}

fn id((name, context): WrittenId) -> Id {
    (name, SyntaxContext::from_u32(context))
}
