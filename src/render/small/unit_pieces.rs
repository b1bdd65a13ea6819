//! Drawn units as bytes, for the next build.

use serde::{Deserialize, Serialize};
use swc_core::atoms::Atom;
use swc_core::common::BytePos;

use super::names::UnitNames;
use super::scopes::{Binding, BindingKind};
use super::slots::{RootName, Slots};
use crate::render::print::{Hole, Stencil};

/// A unit without what the next build has anyway. Numbers that ascend are written as differences: these fit into one byte.
#[derive(Serialize, Deserialize)]
struct Bytes {
    /// What was added to the positions of each part.
    bases: Vec<u32>,
    text: String,
    /// Differences of offsets, bindings, and how far before it the key begins.
    holes: Vec<(u32, u32, Option<u32>)>,
    /// Differences of source positions and of offsets.
    recorded: Vec<(i32, u32)>,
    /// Name, kind, count, and whether elements are called by it.
    bindings: Vec<(Atom, u8, u32, bool)>,
    /// One more than the slot, so that none is 0.
    slots: Vec<u32>,
    counts: Vec<u32>,
    roots: Vec<(u32, Vec<u32>)>,
}

/// The bytes of a unit.
pub fn encode(bases: Vec<u32>, stencil: &Stencil, names: &UnitNames) -> Option<Vec<u8>> {
    let mut last = 0;
    let holes = stencil.holes.iter().map(|hole| {
        let since = hole.offset - std::mem::replace(&mut last, hole.offset);
        (since, hole.binding, hole.key.map(|key| hole.offset - key))
    });
    let (mut last_position, mut last_offset) = (0_u32, 0);
    let recorded = stencil.recorded.iter().map(|(BytePos(position), offset)| {
        let moved = position.wrapping_sub(std::mem::replace(&mut last_position, *position));
        (
            moved.cast_signed(),
            offset - std::mem::replace(&mut last_offset, *offset),
        )
    });
    let bindings = names.bindings.iter().map(|binding| {
        let kind = match binding.kind {
            BindingKind::Local => 0,
            BindingKind::Chunk => 1,
            BindingKind::Free => 2,
        };
        (binding.name.clone(), kind, binding.count, binding.names_element)
    });
    let bytes = Bytes {
        bases,
        text: stencil.text.clone(),
        holes: holes.collect(),
        recorded: recorded.collect(),
        bindings: bindings.collect(),
        slots: names
            .slots
            .of_binding
            .iter()
            .map(|slot| slot.wrapping_add(1))
            .collect(),
        counts: names.slots.counts.clone(),
        roots: names
            .slots
            .roots
            .iter()
            .map(|root| (root.binding, root.taken.clone()))
            .collect(),
    };
    postcard::to_stdvec(&bytes).ok()
}

/// The unit of such bytes.
pub fn decode(bytes: &[u8]) -> Option<(Vec<u32>, Stencil, UnitNames)> {
    let bytes: Bytes = postcard::from_bytes(bytes).ok()?;
    let mut offset = 0_u32;
    let holes = bytes.holes.into_iter().map(|(since, binding, back)| {
        offset = offset.wrapping_add(since);
        Hole {
            offset,
            binding,
            key: back.map(|back| offset.wrapping_sub(back)),
        }
    });
    let (mut position, mut at) = (0_u32, 0_u32);
    let recorded = bytes.recorded.into_iter().map(|(moved, since)| {
        position = position.wrapping_add_signed(moved);
        at = at.wrapping_add(since);
        (BytePos(position), at)
    });
    let bindings = bytes
        .bindings
        .into_iter()
        .map(|(name, kind, count, names_element)| {
            let kind = match kind {
                0 => BindingKind::Local,
                1 => BindingKind::Chunk,
                _ => BindingKind::Free,
            };
            Binding::kept(name, kind, count, names_element)
        });
    let stencil = Stencil {
        text: bytes.text,
        holes: holes.collect(),
        recorded: recorded.collect(),
    };
    let roots = bytes.roots.into_iter();
    let names = UnitNames {
        bindings: bindings.collect(),
        slots: Slots {
            of_binding: bytes.slots.into_iter().map(|slot| slot.wrapping_sub(1)).collect(),
            counts: bytes.counts,
            roots: roots
                .map(|(binding, taken)| RootName { binding, taken })
                .collect(),
        },
    };
    Some((bytes.bases, stencil, names))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::small::slots::NONE;

    #[test]
    fn what_is_written_down_is_read_again() {
        let stencil = Stencil {
            text: "\u{1}=ü;{\u{1}}".to_owned(),
            holes: vec![
                Hole {
                    offset: 0,
                    binding: 1,
                    key: None,
                },
                Hole {
                    offset: 7,
                    binding: 0,
                    key: Some(5),
                },
            ],
            recorded: vec![(BytePos(70), 0), (BytePos(4), 0), (BytePos(u32::MAX), 9)],
        };
        let binding = |name: &str, kind| Binding::kept(name.into(), kind, 3, name == "b");
        let names = UnitNames {
            bindings: vec![
                binding("a", BindingKind::Local),
                binding("b", BindingKind::Chunk),
                binding("c", BindingKind::Free),
            ],
            slots: Slots {
                of_binding: vec![0, 1, NONE],
                counts: vec![3, 4],
                roots: vec![RootName {
                    binding: 1,
                    taken: vec![0, 9],
                }],
            },
        };
        let bytes = encode(vec![0, 12], &stencil, &names).unwrap();
        let (bases, read, again) = decode(&bytes).unwrap();
        assert_eq!((bases, &read), (vec![0, 12], &stencil));
        let facts = |names: &UnitNames| {
            let bindings = names.bindings.iter();
            let bindings: Vec<_> = bindings
                .map(|one| (one.name.clone(), one.kind, one.count, one.names_element))
                .collect();
            let roots = names.slots.roots.iter();
            let roots: Vec<_> = roots.map(|root| (root.binding, root.taken.clone())).collect();
            (
                bindings,
                names.slots.of_binding.clone(),
                names.slots.counts.clone(),
                roots,
            )
        };
        assert_eq!(facts(&again), facts(&names));
        assert!(decode(&bytes[..bytes.len() / 2]).is_none());
    }
}
