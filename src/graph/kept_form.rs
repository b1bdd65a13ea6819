//! How identities of names, and forms of a module, are written down.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use swc_core::atoms::Atom;
use swc_core::common::SyntaxContext;
use swc_core::ecma::ast::Id;

use super::ids::LocalId;
use super::syntax::ModuleSyntax;

/// A name and the number of its context, which is the same whenever the file is read.
type WrittenId = (Atom, u32);

/// One identity.
pub(crate) mod id {
    use super::{Deserialize as _, Deserializer, Id, Serialize as _, Serializer, SyntaxContext, WrittenId};

    pub fn serialize<S: Serializer>((name, context): &Id, serializer: S) -> Result<S::Ok, S::Error> {
        (name, context.as_u32()).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Id, D::Error> {
        let (name, context) = WrittenId::deserialize(deserializer)?;
        Ok((name, SyntaxContext::from_u32(context)))
    }
}

/// Bindings by identity.
pub(super) mod ids {
    use super::{
        Deserialize as _, Deserializer, FxHashMap, Id, LocalId, Serialize as _, Serializer, SyntaxContext,
        WrittenId,
    };

    pub fn serialize<S: Serializer>(
        table: &FxHashMap<Id, LocalId>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let entries = table.iter();
        let entries: Vec<_> = entries
            .map(|((name, context), local)| (name, context.as_u32(), *local))
            .collect();
        entries.serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<FxHashMap<Id, LocalId>, D::Error> {
        let entries = Vec::<(WrittenId, LocalId)>::deserialize(deserializer)?;
        let entries = entries.into_iter();
        Ok(entries
            .map(|((name, context), local)| ((name, SyntaxContext::from_u32(context)), local))
            .collect())
    }
}

/// Another form of a module.
pub(super) mod form {
    use super::{Arc, Deserialize as _, Deserializer, ModuleSyntax, Serialize as _, Serializer};

    #[expect(clippy::ref_option, reason = "the form that serde calls")]
    pub fn serialize<S: Serializer>(
        form: &Option<Arc<ModuleSyntax>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        form.as_deref().serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Arc<ModuleSyntax>>, D::Error> {
        let form = Option::<ModuleSyntax>::deserialize(deserializer)?;
        Ok(form.map(Arc::new))
    }
}
